#include "core/tasks/trials/trial_timing.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

constexpr int64_t kMostSteps = 1000000;  // that a period may last

// 300 ms are three steps of 100 ms however the quotient is rounded.
int64_t StepsIn(double ms, double dt) {
  return static_cast<int64_t>(std::floor(ms / dt + 1e-9));
}

Component Duration(const char* type, std::map<std::string, Value> parameters) {
  Component duration;
  duration.type = type;
  duration.parameters = std::move(parameters);
  return duration;
}

std::string TextOf(const Component& duration) {
  if (duration.type == "constant") {
    return absl::StrCat(duration.Real("value"), " ms");
  }
  if (duration.type == "uniform") {
    return absl::StrCat("uniform between ", duration.Real("low"), " and ",
                        duration.Real("high"), " ms");
  }
  if (duration.type == "choice") {
    return absl::StrCat("one of ", absl::StrJoin(duration.Reals("of"), ", "),
                        " ms");
  }
  return absl::StrCat("truncated_exponential with mean ", duration.Real("mean"),
                      ", min ", duration.Real("min"), " and max ",
                      duration.Real("max"), " ms");
}

const Component& WrittenOr(const Component& c, const PeriodRow& row) {
  const Component* written = c.Find(row.name);
  return written == nullptr ? row.duration : *written;
}

}  // namespace

Component Lasting(double ms) { return Duration("constant", {{"value", ms}}); }

Component UniformBetween(double low, double high) {
  return Duration("uniform", {{"low", low}, {"high", high}});
}

Component OneOf(std::initializer_list<double> choices) {
  return Duration("choice",
                  {{"of", Value::List(choices.begin(), choices.end())}});
}

Component TruncatedExponential(double mean, double min, double max) {
  return Duration("truncated_exponential",
                  {{"mean", mean}, {"min", min}, {"max", max}});
}

std::vector<SlotSpec> PeriodSlots(const PeriodTable& periods) {
  std::vector<SlotSpec> slots;
  for (const PeriodRow& row : periods) {
    slots.push_back({.name = row.name,
                     .kind = Kind::kDistribution,
                     .optional = true,
                     .meaning = absl::StrCat("how long this period lasts; ",
                                             TextOf(row.duration),
                                             " where nothing is written"),
                     .unit = "ms"});
  }
  return slots;
}

void CheckPeriods(const Component& self, const PeriodTable& periods,
                  Faults& faults) {
  const double dt = self.Real("dt");
  for (const PeriodRow& row : periods) {
    const auto duration = MakeDistribution(WrittenOr(self, row));
    const double low = duration->lowest(), high = duration->highest();
    std::string wrong;
    if (low < 0) {
      wrong = absl::StrCat("may last ", low, " ms; wanted at least 0");
    } else if (!(high <= static_cast<double>(kMostSteps) * dt)) {
      wrong = absl::StrCat("may last ", high, " ms, more than ", kMostSteps,
                           " steps of dt = ", dt,
                           " ms; give it an end, as truncated_exponential has");
    } else if (row.is_asked && StepsIn(low, dt) < 1) {
      wrong =
          absl::StrCat("may last ", low, " ms, which is no step of dt = ", dt,
                       " ms, and an answer is asked in it; wanted at least dt");
    } else {
      continue;
    }
    faults.push_back(
        {0, absl::StrCat(self.path, ".", row.name), std::move(wrong)});
  }
}

TrialTiming::TrialTiming(const Component& c, uint64_t seed,
                         absl::string_view purpose, const PeriodTable& periods)
    : dt_(c.Real("dt")) {
  for (const PeriodRow& row : periods) {
    periods_.push_back({MakeDistribution(WrittenOr(c, row)),
                        RandomStream(seed, absl::StrCat(c.path, ".", row.name),
                                     absl::StrCat("durations of ", purpose))});
  }
}

int64_t TrialTiming::Floor(double ms) const { return StepsIn(ms, dt_); }

int64_t TrialTiming::Steps(size_t period, int64_t trial,
                           int64_t repetition) const {
  const Timed& timed = periods_[period];
  std::vector<double> ms(static_cast<size_t>(repetition) + 1);
  timed.duration->Fill(timed.random, trial, ms);
  return Floor(ms.back());
}

int64_t TrialTiming::Most(size_t period) const {
  return Floor(periods_[period].duration->highest());
}

}  // namespace engram
