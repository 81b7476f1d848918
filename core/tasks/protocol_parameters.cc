#include "core/tasks/protocol_parameters.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"

namespace engram {

ParameterSpec OptionalRealList(std::string name, std::string unit,
                               double minimum, double maximum,
                               std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = ParameterType::kReal;
  spec.unit = std::move(unit);
  spec.minimum = minimum;
  spec.maximum = maximum;
  spec.list_rank = 1;
  spec.is_optional = true;
  spec.meaning = std::move(meaning);
  return spec;
}

ParameterSpec RealList(std::string name, std::string unit,
                       std::initializer_list<double> default_values,
                       double minimum, double maximum, std::string meaning) {
  ParameterSpec spec = OptionalRealList(std::move(name), std::move(unit),
                                        minimum, maximum, std::move(meaning));
  Value::List values;
  for (double value : default_values) values.push_back(Value(value));
  spec.default_value = Value(std::move(values));
  spec.is_optional = false;
  return spec;
}

ParameterSpec CountParameter(std::string what) {
  return Integer("count", 60, 1, 10000, "how often " + what + " comes");
}

ParameterSpec FrequencyParameter(std::string what) {
  return Real("frequency", "Hz", 1, 0.001, 1000, what + " a second");
}

void AddFault(const Component& self, const std::string& parameter,
              std::string message, Faults& faults) {
  faults.push_back(
      {0, absl::StrCat(self.path, ".", parameter), std::move(message)});
}

void CheckRising(const Component& self, const std::string& parameter,
                 Faults& faults) {
  if (!self.Has(parameter)) return;
  const std::vector<double> values = self.Reals(parameter);
  if (values.empty()) {
    AddFault(self, parameter,
             parameter +
                 " is empty; give at least one value, each a point of "
                 "the curve",
             faults);
  }
  for (size_t i = 1; i < values.size(); ++i) {
    if (values[i] > values[i - 1]) continue;
    AddFault(
        self, parameter,
        absl::StrCat(parameter, " has ", values[i], " after ", values[i - 1],
                     "; they are the points of a curve: give each once, "
                     "in rising order"),
        faults);
    return;
  }
}

void CheckSameLength(const Component& self, const std::string& parameter,
                     const std::string& other, Faults& faults) {
  const size_t given = self.Reals(parameter).size();
  const size_t wanted = self.Reals(other).size();
  if (given == wanted) return;
  AddFault(self, parameter,
           absl::StrCat(parameter, " has ", given, " values, ", other, " has ",
                        wanted, "; make them equally long"),
           faults);
}

std::vector<double> Range(double low, double high, double step) {
  std::vector<double> values;
  const int64_t count =
      static_cast<int64_t>(std::floor((high - low) / step + 1e-9));
  for (int64_t i = 0; i <= count; ++i) {
    values.push_back(low + static_cast<double>(i) * step);
  }
  return values;
}

}  // namespace engram
