#pragma once

#include <string>
#include <vector>

#include "core/analyses/sequence_analysis.h"
#include "core/analyses/timescales/autocorrelation.h"
#include "core/analyses/timescales/decay_fit.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// How autocorrelations become time constants: numbers of an analysis that has
// FitParameters.
struct TimescaleFit {
  TimescaleFit(const Component& component, double dt, const char* unit = "ms");

  // What is fitted of it; empty when nothing is left.
  std::optional<DecayData> DataOf(const std::vector<double>& correlation) const;
  std::optional<Decay> Of(const std::vector<double>& correlation) const;
  std::optional<Decay> OfOne(const std::vector<double>& correlation) const;
  double LagOf(size_t k) const { return static_cast<double>(k) * dt; }

  double dt;         // of a lag
  const char* unit;  // of time: "ms", or "1" where it is counted in steps
  double fit_from;   // lags below it are not fitted
  double tau_max;
};

// The autocorrelation of a population, the mean of those of single units, what
// fits them, and each unit's time constant. `population` holds one unit;
// `numbers` are those of the units within their network.
struct TimescaleSubject {
  const Autocorrelations& population;
  const Autocorrelations& units;
  std::vector<int64_t> numbers;
};
void ReportTimescales(const TimescaleSubject& subject, const TimescaleFit& fit,
                      AnalysisOutput& out);

// What it leaves.
std::vector<OutputSpec> TimescaleOutputs(const char* unit = "ms");
// fit_from, with this default, and tau_max.
std::vector<ParameterSpec> FitParameters(double fit_from, double tau_max,
                                         const char* unit = "ms");
// Adds a fault when too few lags are left to fit, or none is long enough.
void CheckFit(const Component& self, double dt, Faults& faults,
              const char* unit = " ms");
// The equation that a row shows.
std::string TimescaleEquation();

}  // namespace engram
