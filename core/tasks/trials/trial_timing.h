#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spiking/distribution.h"
#include "core/tasks/trials/trial.h"

namespace engram {

// A period that a task has: its name, how long it lasts [ms] where nothing is
// written, and whether something is asked in it.
struct PeriodRow {
  const char* name = "";
  Component duration;
  bool is_asked = false;
};
using PeriodTable = std::vector<PeriodRow>;

// Durations [ms] as a tree would say them.
Component Lasting(double ms);
Component UniformBetween(double low, double high);
Component OneOf(std::initializer_list<double> choices);
Component TruncatedExponential(double mean, double min, double max);

// A slot for each period, empty unless its duration is written.
std::vector<SlotSpec> PeriodSlots(const PeriodTable& periods);
// Durations have an end and are not negative; what is asked has a step of
// `dt`.
void CheckPeriods(const Component& self, const PeriodTable& periods,
                  Faults& faults);

// How long the periods of a trial last, in whole steps: a duration is drawn and
// rounded down to a multiple of dt.
class TrialTiming {
 public:
  TrialTiming(const Component& c, uint64_t seed, absl::string_view purpose,
              const PeriodTable& periods);

  // Of period `period` of the table, for the `repetition`-th time in a trial.
  int64_t Steps(size_t period, int64_t trial, int64_t repetition = 0) const;
  int64_t Most(size_t period) const;
  double dt() const { return dt_; }

 private:
  struct Timed {
    std::unique_ptr<Distribution> duration;
    RandomStream random;
  };
  int64_t Floor(double ms) const;

  double dt_;  // [ms]
  std::vector<Timed> periods_;
};

}  // namespace engram
