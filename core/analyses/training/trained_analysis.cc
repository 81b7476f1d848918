#include "core/analyses/training/trained_analysis.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/analyses/sequence_analysis.h"
#include "core/analyses/training/ei_tuning.h"
#include "core/base/array.h"
#include "core/programs/state_array.h"
#include "core/spec/nearest_name.h"

namespace engram {
namespace {

constexpr char kTimeConstants[] = "time_constants";
constexpr char kEiTuning[] = "ei_tuning";

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

// Time constants act clamped at 1; raw ones below it have no gradient.
void TimeConstants(const std::vector<double>& raw, int64_t slowest,
                   AnalysisOutput& out) {
  Array<double> tau(static_cast<int64_t>(raw.size()));
  int64_t frozen = 0;
  for (size_t i = 0; i < raw.size(); ++i) {
    tau[static_cast<int64_t>(i)] = std::max(raw[i], 1.0);
    if (raw[i] < 1) ++frozen;
  }
  std::vector<double> sorted(tau.span().begin(), tau.span().end());
  const double mean = Mean(sorted);
  double squares = 0;
  for (double x : sorted) squares += (x - mean) * (x - mean);
  std::ranges::sort(sorted, std::greater<>());
  sorted.resize(std::min(sorted.size(), static_cast<size_t>(slowest)));
  const double size = static_cast<double>(raw.size());
  const auto summary = [&](const char* name, double value) {
    out.Summary(name, "1", Measured::Of(value));
  };
  summary("mean_tau", mean);
  summary("sd_tau", std::sqrt(squares / size));
  summary("slowest_tau", Mean(sorted));
  summary("frozen_fraction", static_cast<double>(frozen) / size);
  summary("least_raw_tau", *std::ranges::min_element(raw));
}

ComponentSpec TimeConstantsSpec() {
  const auto output = [](const char* name, const char* meaning) {
    return OutputSpec{name, OutputKind::kSummary, "1", "", meaning};
  };
  return {
      .kind = Kind::kTrainedAnalysis,
      .type = kTimeConstants,
      .summary = "trained time constants of a leaky network, in steps",
      .equation = "tau = max(tau_raw, 1)",
      .reference = "arXiv:2309.12927",
      .parameters = {Integer("slowest", 20, 1, 100000,
                             "units whose mean is slowest_tau")},
      .outputs = {output("mean_tau", "mean over units"),
                  output("sd_tau", "standard deviation over units"),
                  output("slowest_tau", "mean of the slowest units"),
                  output("frozen_fraction",
                         "units with tau_raw below 1, which has no gradient"),
                  output("least_raw_tau", "smallest tau_raw")}};
}

}  // namespace

template <class Real>
std::vector<double> ParameterOf(const TrainedState<Real>& trained,
                                const std::string& name) {
  const ParameterMatrix* matrix = trained.network.layout().Find(name);
  if (matrix == nullptr) return {};
  const Real* values = trained.parameters + matrix->offset;
  return std::vector<double>(values, values + matrix->size());
}

template <class Real>
void RunTrainedAnalyses(const TrainedState<Real>& trained, Recorder& out) {
  for (const Component& component : trained.root.Slots("analyses")) {
    AnalysisOutput output(component, out);
    if (component.type == kEiTuning) {
      RunEiTuning(trained, component, output);
      continue;
    }
    TimeConstants(ParameterOf(trained, component.Text("of")),
                  component.Integer("slowest"), output);
  }
}

template std::vector<double> ParameterOf(const TrainedState<float>&,
                                         const std::string&);
template std::vector<double> ParameterOf(const TrainedState<double>&,
                                         const std::string&);
template void RunTrainedAnalyses(const TrainedState<float>&, Recorder&);
template void RunTrainedAnalyses(const TrainedState<double>&, Recorder&);

std::vector<ComponentSpec> TrainedAnalysisSpecs() {
  ComponentSpec spec = TimeConstantsSpec();
  spec.parameters.push_back(
      Text("of", "tau", "name of the parameter (tau, layer_2.tau)"));
  return {EiTuningSpec(), std::move(spec)};
}

void CheckTrainedAnalyses(const Component& root, Faults& faults) {
  std::set<std::string> seen;
  for (const Component& analysis : root.Slots("analyses")) {
    if (analysis.type == kEiTuning) {
      const std::string refusal = RefuseEiTuning(root);
      if (!refusal.empty()) faults.push_back({0, analysis.path, refusal});
    }
    if (analysis.name.empty() && !seen.insert(analysis.type).second) {
      faults.push_back({0, analysis.path,
                        absl::StrCat("a second ", analysis.type,
                                     " writes under the same name; give each "
                                     "a name of its own")});
    }
  }
}

}  // namespace engram
