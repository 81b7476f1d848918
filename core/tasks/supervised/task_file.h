#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/program.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/experiment.h"
#include "core/spec/fault.h"

namespace engram {

// A parameter that names a dataset.
ParameterSpec Dataset(std::string name, std::string meaning);

// What is known of a file that a task is in: before a run is queued its type
// and shape, and its first bytes; at the start all of them.
struct TaskFile {
  InputForm form;
  ArrayOrder order = ArrayOrder::kRowMajor;
  std::string bytes;

  bool is_whole() const;
};
// By the parameter that names it; without those of which nothing is known.
using TaskFiles = std::map<std::string, TaskFile>;

// The files of all parameters of `self` that are datasets, whole. NOT_FOUND,
// DATA_LOSS: one is not there, or has not the bytes of its shape.
absl::StatusOr<TaskFiles> ReadTaskFiles(const Component& self,
                                        const Inputs& inputs);
// The same before anything runs.
TaskFiles LookAtTaskFiles(const Component& self, const Resolver& resolver);

// "(60000, 28, 28) of uint8"
std::string DescribeForm(const InputForm& form);

// The fault "experiment.task.training: training <message>".
Fault Misfit(const Component& self, const std::string& parameter,
             absl::string_view message);

// INVALID_ARGUMENT with "experiment.task.training <message>" of each; OK where
// there are none.
absl::Status StatusOf(const Component& self, const Faults& faults);

}  // namespace engram
