#include "core/tasks/trials/drawn_task.h"

#include <string>

namespace engram {

void DrawnTask::AddNoise(int64_t number, double sd, const Period& period,
                         int64_t first, int64_t last, Trial& trial) const {
  if (sd == 0 || period.begin == period.end) return;
  const int64_t channels = shape_.channels;
  // Streams are filled from multiples of 4 on.
  const int64_t begin = period.begin * channels / 4 * 4;
  std::vector<double> normal(
      static_cast<size_t>(period.end * channels - begin));
  noise_.FillNormalFrom(begin, number, normal);
  for (int64_t t = period.begin; t < period.end; ++t) {
    for (int64_t i = first; i < last; ++i) {
      trial.observation(i, t) +=
          sd * normal[static_cast<size_t>(t * channels + i - begin)];
    }
  }
}

ParameterSpec RealList(const char* name, const char* unit,
                       const std::vector<double>& default_values,
                       double minimum, double maximum, const char* meaning) {
  ParameterSpec spec = Real(name, unit, 0, minimum, maximum, meaning);
  spec.list_rank = 1;
  spec.default_value =
      Value(Value::List(default_values.begin(), default_values.end()));
  return spec;
}

void CheckNotEmpty(const Component& self, const char* name, Faults& faults) {
  if (!self.Reals(name).empty()) return;
  faults.push_back({0, absl::StrCat(self.path, ".", name),
                    absl::StrCat(name, " is empty; wanted at least one")});
}

}  // namespace engram
