// A current that is the same for all units and constant between given times.

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/receptor_units.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

template <class Real>
class StepCurrent final : public Stimulus<Real> {
 public:
  StepCurrent(const Component& c, const StimulusShape& shape) {
    for (const double time : c.Reals("times")) {
      steps_.push_back(std::llround(time / shape.dt));
    }
    for (const double value : c.Reals("values")) {
      values_.push_back(static_cast<Real>(value));
    }
  }

  void Add(int64_t step, int64_t begin, int64_t end,
           Real* input) const override {
    const auto next = std::ranges::upper_bound(steps_, step);
    if (next == steps_.begin()) return;
    const Real value = values_[static_cast<size_t>(next - steps_.begin() - 1)];
    for (int64_t i = 0; i < end - begin; ++i) input[i] += value;
  }

 private:
  std::vector<int64_t> steps_;
  std::vector<Real> values_;
};

// Numbers of units, each with its own constant current.
template <class Real>
class PatternedCurrent final : public Stimulus<Real> {
 public:
  PatternedCurrent(const Component& c, const StimulusShape& shape)
      : first_(shape.first),
        start_(c.Real("start") / shape.dt),
        stop_(c.Has("stop") ? c.Real("stop") / shape.dt : kForever) {
    for (const double value : c.Reals("values")) {
      values_.push_back(static_cast<Real>(value));
    }
  }

  void Add(int64_t step, int64_t begin, int64_t end,
           Real* input) const override {
    const double now = static_cast<double>(step);
    if (now < start_ || now >= stop_) return;
    const size_t period = values_.size();
    size_t at = static_cast<size_t>(first_ + begin) % period;
    for (int64_t i = 0; i < end - begin; ++i) {
      input[i] += values_[at];
      at = at + 1 == period ? 0 : at + 1;
    }
  }

 private:
  static constexpr double kForever = 1e300;

  int64_t first_;
  double start_, stop_;  // [steps]
  std::vector<Real> values_;
};

ParameterSpec List(std::string name, std::string unit, std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.unit = std::move(unit);
  spec.list_rank = 1;
  spec.minimum = -1e12;
  spec.maximum = 1e12;
  spec.meaning = std::move(meaning);
  return spec;
}

void CheckSteps(const Component& c, const Component&, Faults& faults) {
  const std::vector<double> times = c.Reals("times");
  const size_t values = c.Reals("values").size();
  if (times.empty() || times.size() != values) {
    faults.push_back(
        {0, absl::StrCat(c.path, ".values"),
         absl::StrCat("there are ", values, " values for ", times.size(),
                      " times; wanted as many, and at least one")});
  } else if (std::ranges::adjacent_find(times, std::greater_equal<>()) !=
             times.end()) {
    faults.push_back({0, absl::StrCat(c.path, ".times"),
                      "times must rise, each above the one before"});
  }
}

void CheckPattern(const Component& c, const Component&, Faults& faults) {
  if (!c.Reals("values").empty()) return;
  faults.push_back({0, absl::StrCat(c.path, ".values"),
                    "there are no values; wanted at least one"});
}

}  // namespace

StimulusRow StepCurrentRow() {
  return RowOfStimulus<StepCurrent>(
      {.type = "step_current",
       .summary = "a current, the same for all units, that changes at given "
                  "times and is 0 before the first",
       .equation = "I(t) = values[k] for times[k] <= t < times[k + 1]",
       .parameters = {List("times", "ms", "when the current changes"),
                      List("values", kReceptorUnit,
                           "the current from then on")},
       .check = CheckSteps});
}

StimulusRow PatternedCurrentRow() {
  return RowOfStimulus<PatternedCurrent>(
      {.type = "patterned_current",
       .summary = "a constant current of each unit's own, from a list that is "
                  "taken again when it ends",
       .equation = "I_i = values[i mod n]",
       .parameters = {List("values", kReceptorUnit,
                           "currents of the selection's units in turn"),
                      Real("start", "ms", 0, 0, 1e12, "when it begins"),
                      OptionalReal("stop", "ms", 0, 1e12,
                                   "when it ends; absent: never")},
       .check = CheckPattern});
}

}  // namespace engram
