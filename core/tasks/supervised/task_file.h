#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/program.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// A parameter that names a dataset.
ParameterSpec Dataset(std::string name, std::string meaning);

// The dataset that a task's parameter names; a fault names the parameter.
absl::StatusOr<InputArray> ReadTaskFile(const Component& self,
                                        const std::string& parameter,
                                        const Inputs& inputs);

// "(60000, 28, 28) of uint8"
std::string DescribeArray(const InputArray& array);

// INVALID_ARGUMENT with "experiment.task.training <message>".
absl::Status Misfit(const Component& self, absl::string_view parameter,
                    absl::string_view message);

}  // namespace engram
