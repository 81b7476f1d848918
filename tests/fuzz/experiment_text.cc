// The text of an experiment: whatever it holds, it is refused with faults that
// name a place, or gives points whose canonical form reads back as itself.

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/contract.h"
#include "core/programs/builtin.h"
#include "core/spec/experiment.h"

namespace engram {
namespace {

void CheckFaults(const Faults& faults) {
  ENGRAM_EXPECT(!faults.empty());
  for (const Fault& fault : faults) {
    ENGRAM_EXPECT(fault.line >= 0 && !fault.message.empty());
  }
}

void CheckPoint(const Point& point) {
  const std::string json = CanonicalJson(point.tree, point.seed);
  const auto read = FromCanonicalJson(json, BuiltinCatalog());
  ENGRAM_EXPECT(read.ok());
  ENGRAM_EXPECT(CanonicalJson(read->first, read->second) == json);
}

void Read(std::string text) {
  Faults faults;
  const auto experiment = Experiment::Parse(
      {.text = std::move(text)}, BuiltinCatalog(), RefuseAll(), 1, faults);
  if (!experiment) return CheckFaults(faults);
  ENGRAM_EXPECT(experiment->run_count() >= 1);
  ENGRAM_EXPECT(!experiment->Hash().empty());
  CheckPoint(experiment->At(0));
  CheckPoint(experiment->At(experiment->run_count() - 1));
}

}  // namespace
}  // namespace engram

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  engram::Read({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
