#include <utility>

#include "core/base/contract.h"
#include "core/spec/find_row.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/tasks/supervised/taught_trials.h"

namespace engram {
namespace {

std::vector<SupervisedTaskRow> AllRows() {
  std::vector<SupervisedTaskRow> rows = {
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
  for (SupervisedTaskRow& row : TaughtTrialRows()) {
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

const std::vector<SupervisedTaskRow>& SupervisedTaskRows() {
  static const std::vector<SupervisedTaskRow> rows = AllRows();
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

TaskTable TableOfTask(const Component& component) {
  const SupervisedTaskRow& row = RowOf(SupervisedTaskRows(), component.type);
  return row.table == nullptr ? TaskTable{} : row.table(component);
}

TaskShape ShapeOfTask(const Component& component) {
  return RowOf(SupervisedTaskRows(), component.type).shape(component);
}

}  // namespace engram
