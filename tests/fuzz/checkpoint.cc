// A saved state: refused without a trace, or restored. The first byte says what
// the others are: a file; the fields of one, which get the right magic line and
// digest, or none would come further than that; or changes to the fields of a
// real one, three bytes each: where (two bytes) and what is flipped.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/numerics.h"
#include "core/base/parallel.h"
#include "core/base/sha256.h"
#include "core/programs/builtin.h"
#include "core/programs/checkpoint_format.h"
#include "core/programs/execution.h"
#include "core/spec/experiment.h"

namespace engram {
namespace {

constexpr size_t kDigest = 32;

// What stands before the fields.
std::string MagicLine() {
  std::string bytes;
  const auto append = [&](absl::string_view piece) {
    absl::StrAppend(&bytes, piece);
    return absl::OkStatus();
  };
  ENGRAM_EXPECT(CheckpointWriter(append).Finish().ok());
  return bytes.substr(0, bytes.size() - kDigest);
}

std::string Framed(absl::string_view fields) {
  std::string bytes = absl::StrCat(MagicLine(), fields);
  const auto digest = Sha256(bytes);
  bytes.append(digest.begin(), digest.end());
  return bytes;
}

// The fields of a real one with bytes of it flipped.
std::string Changed(std::string saved, absl::string_view changes) {
  const size_t magic = MagicLine().size();
  std::string fields = saved.substr(magic, saved.size() - magic - kDigest);
  for (size_t i = 0; i + 2 < changes.size(); i += 3) {
    const size_t at = (static_cast<uint8_t>(changes[i]) * size_t{256} +
                       static_cast<uint8_t>(changes[i + 1])) %
                      fields.size();
    fields[at] = static_cast<char>(fields[at] ^ changes[i + 2]);
  }
  return Framed(fields);
}

constexpr const char* kText = R"(name: small
experiment:
  type: sequence_learning
  repetitions: 4
  network: {type: rate_rnn, units: 10}
  task: {type: item_sequence, items: 2, units_per_item: 5}
  rule: {type: stdp_rate}
seed: 1
)";

class NoInputs final : public Inputs {
 public:
  absl::StatusOr<InputArray> Get(absl::string_view) const override {
    return absl::NotFoundError("this run takes nothing in");
  }
};

std::unique_ptr<Execution> Fresh(Parallel& parallel) {
  static const NoInputs kNone;
  Faults faults;
  const auto experiment = Experiment::Parse({.text = kText}, BuiltinCatalog(),
                                            RefuseAll(), 1, faults);
  ENGRAM_EXPECT(experiment.has_value());
  auto made = Execution::Make(experiment->At(0).tree, 1, {}, {parallel, kNone});
  ENGRAM_EXPECT(made.ok());
  return *std::move(made);
}

std::string Saved(Execution& execution) {
  std::string bytes;
  ENGRAM_EXPECT(execution.Checkpoint(&bytes).ok());
  return bytes;
}

void Restore(uint8_t form, absl::string_view input) {
  static Parallel parallel(1);
  static const std::unique_ptr<Execution> kExecution = Fresh(parallel);
  static const std::string kReal = Saved(*kExecution);
  const std::string before = Saved(*kExecution);
  const std::string bytes = form % 3 == 0   ? std::string(input)
                            : form % 3 == 1 ? Framed(input)
                                            : Changed(kReal, input);
  if (!kExecution->Restore(bytes).ok()) {
    ENGRAM_EXPECT(Saved(*kExecution) == before);
  } else {
    ENGRAM_EXPECT(kExecution->Restore(Saved(*kExecution)).ok());
  }
}

}  // namespace
}  // namespace engram

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const engram::ScopedNumericEnvironment kEnvironment;
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(bytes) + 1,
                               size - 1);
  engram::Restore(bytes[0], rest);
  return 0;
}
