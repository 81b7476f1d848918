#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"

namespace engram {

// A list of real numbers, with its default.
ParameterSpec RealList(std::string name, std::string unit,
                       std::initializer_list<double> default_values,
                       double minimum, double maximum, std::string meaning);
// The same without a default: absent unless given.
ParameterSpec OptionalRealList(std::string name, std::string unit,
                               double minimum, double maximum,
                               std::string meaning);

// What 60 pairings at 1 Hz and the like have in common.
ParameterSpec CountParameter(std::string what);
ParameterSpec FrequencyParameter(std::string what);

// Places on a curve's axis: at least one, and each greater than the one before.
void CheckRising(const Component& self, const std::string& parameter,
                 Faults& faults);

// Whether a list that is a curve's other side is as long as the first.
void CheckSameLength(const Component& self, const std::string& parameter,
                     const std::string& other, Faults& faults);

void AddFault(const Component& self, const std::string& parameter,
              std::string message, Faults& faults);

// The list of `parameter` from `low` to `high` by `step`, both ends included.
std::vector<double> Range(double low, double high, double step);

}  // namespace engram
