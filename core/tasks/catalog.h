#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// A task's row of the catalog and how it is made for a network of `units`
// units with steps of `dt` ms.
struct TaskRow {
  ComponentSpec spec;
  std::unique_ptr<SequenceTask> (*make)(const Component& component,
                                        uint64_t seed, int64_t units,
                                        double dt);
};

// One line a task.
const std::vector<TaskRow>& TaskRows();

// Of a validated component; ContractViolation when its type has no row.
std::unique_ptr<SequenceTask> MakeTask(const Component& component,
                                       uint64_t seed, int64_t units, double dt);

TaskRow CodedSequencesRow();
TaskRow ItemSequenceRow();

}  // namespace engram
