#include "core/base/contract.h"
#include "core/spec/find_row.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {

const std::vector<SupervisedTaskRow>& SupervisedTaskRows() {
  static const std::vector<SupervisedTaskRow> rows = {
      AddingRow(),
      CopyRow(),
      DelayedRecallRow(),
      GrammarRow(),
      NDmsRow(),
      NParityRow(),
      SequentialDigitsRow(),
      EiSelectivityRow(),
      LatencyCodeRow(),
      NoveltySelectivityRow(),
      RandmanRow(),
      RandomPatternsRow(),
      TargetSpikesRow(),
      YinYangRow(),
      MnistRow(),
      TextCorpusRow(),
  };
  return rows;
}

std::unique_ptr<SupervisedTask> MakeSupervisedTask(const Component& component,
                                                   uint64_t seed) {
  const SupervisedTaskRow& row = RowOf(SupervisedTaskRows(), component.type);
  ENGRAM_EXPECT(row.make != nullptr);
  return row.make(component, seed);
}

absl::StatusOr<std::unique_ptr<SupervisedTask>> ReadSupervisedTask(
    const Component& component, uint64_t seed, const Inputs& inputs) {
  const SupervisedTaskRow& row = RowOf(SupervisedTaskRows(), component.type);
  if (row.read == nullptr) return row.make(component, seed);
  return row.read(component, inputs);
}

TaskShape ShapeOfTask(const Component& component) {
  return RowOf(SupervisedTaskRows(), component.type).shape(component);
}

}  // namespace engram
