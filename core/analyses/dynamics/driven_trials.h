#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/analyses/dynamics/starts.h"
#include "core/analyses/system_analysis.h"
#include "core/base/array.h"
#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// Trials of the activity that a system shows by itself, under noise, or under a
// random binary input to all of its variables:
//
//   T dx/dt = F(x) + input w S(t) + noise,   w_i ~ N(0, 1)
//
//   S  0 or 1, drawn anew after each hold; 1 with a chance that is drawn for
//      each trial, uniform in (0, 1)
//
// Steps are Heun's (second order; the noise is additive). Activity is sampled
// at equal times after a burn-in: of some units spread over all, and the mean
// of all. In parts, of all trials together.
class DrivenTrials {
 public:
  // `n` is the system's size, `component` has TrialParameters and
  // BoxParameters.
  DrivenTrials(const Component& component, uint64_t seed, int64_t n);

  // Without making them: they may be large.
  static int64_t PartsOf(const Component& component, int64_t n);
  int64_t parts() const { return parts_; }
  void RunPart(const SystemSubject& subject, int64_t part);
  void VisitState(const std::string& path, StateVisitor& v);

  int64_t trials() const { return x_.cols(); }
  int64_t units() const { return activity_.rows() - 1; }
  int64_t samples() const { return activity_.cols() / trials(); }
  double every() const { return every_; }  // [ms]
  int64_t NumberOf(int64_t unit) const;    // within the system
  // What a unit did in a trial (n_samples); unit units() is the mean of all.
  std::vector<double> Of(int64_t unit, int64_t trial) const;

 private:
  struct Pace {
    int64_t steps;  // of a sample
    double step;    // [time constants]
  };

  // Of one trial.
  struct Scratch {
    explicit Scratch(int64_t n) : here(n), ahead(n), noise(n), drive(n) {}
    DynamicsPoint here, ahead;
    Array<double> noise, drive;
  };

  Pace PaceOf(const SystemSubject& subject) const;
  void RunTrial(const SystemSubject& subject, int64_t trial, int64_t begin,
                int64_t end);
  void Step(const Dynamics& dynamics, double h, Scratch& scratch) const;
  void FillDrive(int64_t trial, int64_t sample, Array<double>& drive) const;
  void Sample(const DynamicsPoint& p, int64_t trial, int64_t sample);

  Starts start_states_;
  bool looks_at_potentials_;
  double every_;     // [ms]
  double sigma_;     // [1]
  double input_;     // [1]
  int64_t hold_;     // [samples]
  int64_t burn_in_;  // [samples]
  int64_t samples_of_a_part_, parts_;
  RandomStream noise_, bits_, weights_;

  Array<double> x_;         // (n, n_trials)
  Array<double> activity_;  // (n_units + 1, n_samples n_trials), last: the mean
};

// trials, samples, burn_in, every, units with this default, activity, sigma,
// input and hold.
std::vector<ParameterSpec> TrialParameters(int64_t units);
// Names of the arrays of VisitState.
std::vector<std::string> ArraysOfTrials();
// The equation that a row shows.
std::string TrialEquation();

}  // namespace engram
