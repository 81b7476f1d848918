#include "core/tasks/catalog.h"

#include "core/spec/find_row.h"

namespace engram {

const std::vector<TaskRow>& TaskRows() {
  static const std::vector<TaskRow> rows = {
      CodedSequencesRow(),
      ItemSequenceRow(),
  };
  return rows;
}

std::unique_ptr<SequenceTask> MakeTask(const Component& component,
                                       uint64_t seed, int64_t units,
                                       double dt) {
  return RowOf(TaskRows(), component.type).make(component, seed, units, dt);
}

}  // namespace engram
