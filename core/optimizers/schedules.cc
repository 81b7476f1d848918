// Factors of a learning rate over the updates, counted from 1.

#include <algorithm>
#include <cmath>

#include "core/base/math.h"
#include "core/optimizers/optimizer.h"

namespace engram {
namespace {

constexpr double kPi = 3.14159265358979323846;

double Power(double base, int64_t exponent) {
  return math::Pow(base, static_cast<double>(exponent));
}

}  // namespace

const std::vector<ScheduleRow>& ScheduleRows() {
  static const std::vector<ScheduleRow> rows = {
      CosineScheduleRow(),
      ExponentialScheduleRow(),
      StepScheduleRow(),
      WarmupScheduleRow(),
  };
  return rows;
}

ScheduleRow StepScheduleRow() {
  return {.spec = {.kind = Kind::kSchedule,
                   .type = "step_schedule",
                   .summary = "the rate falls by a factor every so many "
                              "updates",
                   .equation = "factor^floor((k - 1) / every)",
                   .parameters = {Integer("every", 1000, 1, 1000000000,
                                          "updates between falls"),
                                  Real("factor", "1", 0.5, 0, 1, "of a fall")}},
          .factor = [](const Component& c, int64_t update) {
            return Power(c.Real("factor"), (update - 1) / c.Integer("every"));
          }};
}

ScheduleRow ExponentialScheduleRow() {
  return {.spec = {.kind = Kind::kSchedule,
                   .type = "exponential_schedule",
                   .summary = "the rate falls at every update",
                   .equation = "factor^(k - 1)",
                   .parameters = {Real("factor", "1", 0.999, 0, 1,
                                       "from an update to the next")}},
          .factor = [](const Component& c, int64_t update) {
            return Power(c.Real("factor"), update - 1);
          }};
}

ScheduleRow CosineScheduleRow() {
  return {
      .spec = {.kind = Kind::kSchedule,
               .type = "cosine_schedule",
               .summary = "the rate falls as half a wave of a cosine",
               .equation = "floor + (1 - floor) (1 + cos(pi min(k - 1, K) / "
                           "K)) / 2",
               .reference = "arXiv:1608.03983",
               .parameters = {Integer("updates", 10000, 1, 1000000000,
                                      "K: updates until the floor is reached"),
                              Real("floor", "1", 0, 0, 1, "of the factor")}},
      .factor = [](const Component& c, int64_t update) {
        const int64_t last = c.Integer("updates");
        const double part = static_cast<double>(std::min(update - 1, last)) /
                            static_cast<double>(last);
        const double floor = c.Real("floor");
        return floor + (1 - floor) * 0.5 * (1 + math::Cos(kPi * part));
      }};
}

ScheduleRow WarmupScheduleRow() {
  return {.spec = {.kind = Kind::kSchedule,
                   .type = "warmup_schedule",
                   .summary = "the rate rises in a line over the first updates",
                   .equation = "min(k / K, 1)",
                   .parameters = {Integer("updates", 100, 1, 1000000000,
                                          "K: until the rate is whole")}},
          .factor = [](const Component& c, int64_t update) {
            return std::min(1.0, static_cast<double>(update) /
                                     static_cast<double>(c.Integer("updates")));
          }};
}

}  // namespace engram
