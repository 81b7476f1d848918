#include "docs/protocol_series.h"

#include <memory>

#include "core/base/contract.h"
#include "core/base/numerics.h"
#include "core/base/parallel.h"
#include "core/programs/builtin.h"
#include "core/programs/execution.h"
#include "core/programs/memory_recorder.h"
#include "core/spec/cross_check.h"
#include "core/spec/experiment.h"
#include "core/spec/read_component.h"
#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {
namespace {

class NoInputs final : public Inputs {
 public:
  absl::StatusOr<InputArray> Get(absl::string_view digest) const override {
    return absl::NotFoundError(digest);
  }
};

Component ReadTree(const std::string& yaml) {
  Faults faults;
  const RefuseAll resolver;
  ReadContext context{BuiltinCatalog(), resolver, faults};
  Component tree = ReadComponent(ParseYaml(yaml, faults), Kind::kProgram, "",
                                 "experiment", context);
  if (faults.empty()) CrossCheck(tree, BuiltinCatalog(), faults);
  ENGRAM_EXPECT(faults.empty());
  return tree;
}

}  // namespace

PlotLine DrawProtocol(const std::string& yaml) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  auto execution = Execution::Make(ReadTree(yaml), 1, {}, {parallel, inputs});
  ENGRAM_EXPECT(execution.ok());
  MemoryRecorder record;
  while (!(*execution)->progress().finished) {
    ENGRAM_EXPECT((*execution)->Advance(1000, record, {}).ok());
  }
  PlotLine line;
  for (const auto& [x, value] : record.series.at("weight_change").points) {
    line.x.push_back(x);
    line.y.push_back(value.value());
  }
  const auto error = record.series.find("weight_change_error");
  if (error == record.series.end()) return line;
  for (const auto& [x, value] : error->second.points) {
    line.error.push_back(value.value());
  }
  return line;
}

}  // namespace engram
