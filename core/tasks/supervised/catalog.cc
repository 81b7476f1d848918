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
  };
  return rows;
}

std::unique_ptr<SupervisedTask> MakeSupervisedTask(const Component& component,
                                                   uint64_t seed) {
  return RowOf(SupervisedTaskRows(), component.type).make(component, seed);
}

TaskShape ShapeOfTask(const Component& component) {
  return RowOf(SupervisedTaskRows(), component.type).shape(component);
}

}  // namespace engram
