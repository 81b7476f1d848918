// How slow the units of a leaky network have become.

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/analyses/record_table.h"
#include "core/analyses/training/catalog.h"
#include "core/base/array.h"

namespace engram {
namespace {

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

// Time constants act clamped at a step; raw ones below it have no gradient. In
// continuous time they count inputs, which last so many steps at most.
double LeastTau(const Component& root) {
  const Component& network = root.Slot("network");
  const Component& task = root.Slot("task");
  const bool is_continuous =
      network.Has("continuous") && network.Boolean("continuous");
  if (!is_continuous || !task.Has("hold_high")) return 1;
  return 1 / static_cast<double>(task.Integer("hold_high"));
}

std::vector<double> Clamped(const std::vector<double>& raw, double least) {
  std::vector<double> tau = raw;
  for (double& t : tau) t = std::max(t, least);
  return tau;
}

template <class Real>
class TimeConstants final : public TrainedAnalysis<Real> {
 public:
  explicit TimeConstants(const TrainedSubject& subject)
      : of_(subject.analysis.Text("of")),
        slowest_(subject.analysis.Integer("slowest")),
        least_(LeastTau(subject.root)),
        bin_(subject.analysis.Real("bin")) {}

  void Finish(const TrainedState<Real>& trained, AnalysisOutput& out) override {
    const std::vector<double> raw = ParameterOf(trained, of_);
    std::vector<double> tau = Clamped(raw, least_);
    RecordList("time_constants", tau, "1", out);
    ReportHistogram(tau, out);
    const double mean = Mean(tau), size = static_cast<double>(tau.size());
    double squares = 0;
    for (double x : tau) squares += (x - mean) * (x - mean);
    std::ranges::sort(tau, std::greater<>());
    tau.resize(std::min(tau.size(), static_cast<size_t>(slowest_)));
    const auto frozen =
        std::ranges::count_if(raw, [&](double x) { return x < least_; });
    const auto summary = [&](const char* name, double value) {
      out.Summary(name, "1", Measured::Of(value));
    };
    summary("mean_tau", mean);
    summary("sd_tau", std::sqrt(squares / size));
    summary("slowest_tau", Mean(tau));
    summary("frozen_fraction", static_cast<double>(frozen) / size);
    summary("least_raw_tau", *std::ranges::min_element(raw));
  }

 private:
  // Shares of the units in bins from the least on, each at its middle.
  void ReportHistogram(const std::vector<double>& tau,
                       AnalysisOutput& out) const {
    const double most = *std::ranges::max_element(tau);
    std::vector<double> counts(static_cast<size_t>((most - least_) / bin_) + 1);
    for (double t : tau) ++counts[static_cast<size_t>((t - least_) / bin_)];
    for (size_t k = 0; k < counts.size(); ++k) {
      out.Point("tau_histogram", "1", "tau", "1",
                least_ + (static_cast<double>(k) + 0.5) * bin_,
                Measured::Of(counts[k] / static_cast<double>(tau.size())));
    }
  }

  std::string of_;
  int64_t slowest_;
  double least_;  // that acts
  double bin_;
};

}  // namespace

TrainedAnalysisRow TimeConstantsRow() {
  const auto output = [](const char* name, const char* meaning) {
    return OutputSpec{name, OutputKind::kSummary, "1", "", meaning};
  };
  return RowOfTrainedAnalysis<TimeConstants>(
      {.type = "time_constants",
       .summary = "trained time constants of a leaky network, in steps",
       .equation = "tau = max(tau_raw, 1)",
       .reference = "arXiv:2309.12927",
       .parameters = {Integer("slowest", 20, 1, 100000,
                              "units whose mean is slowest_tau"),
                      Text("of", "tau",
                           "name of the parameter (tau, layer_2.tau)"),
                      Real("bin", "1", 0.1, 0.001, 1000,
                           "width of the histogram's bins")},
       .outputs = {
           output("mean_tau", "mean over units"),
           output("sd_tau", "standard deviation over units"),
           output("slowest_tau", "mean of the slowest units"),
           output("frozen_fraction",
                  "units with tau_raw below 1, which has no gradient"),
           output("least_raw_tau", "smallest tau_raw"),
           {"tau_histogram", OutputKind::kSeries, "1", "tau",
            "share of the units in a bin, at its middle"},
           {"time_constants", OutputKind::kArray, "1", "", "of each unit"}}});
}

}  // namespace engram
