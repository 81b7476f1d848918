// How many dimensions the activity of a driven system has.

#include <memory>

#include "core/analyses/catalog.h"
#include "core/analyses/dimensionality/dimensionality.h"
#include "core/analyses/dynamics/driven_trials.h"

namespace engram {
namespace {

constexpr char kConstant[] = "the activity does not change, or is not finite";

class DimensionalityAnalysis final : public SystemAnalysis {
 public:
  DimensionalityAnalysis(const Component& component, uint64_t seed, int64_t n)
      : share_(component.Real("share")), driven_(component, seed, n) {}

  int64_t parts() const override { return driven_.parts(); }
  void RunPart(const SystemSubject& subject, int64_t part) override {
    driven_.RunPart(subject, part);
  }

  void Finish(const SystemSubject&, AnalysisOutput& out) override {
    ActivityCovariance covariance(driven_.units());
    for (int64_t trial = 0; trial < driven_.trials(); ++trial) {
      covariance.Add(ActivityOf(trial));
    }
    const std::vector<double> variances = covariance.Variances();
    const auto found = DimensionalityOf(variances, share_);
    const auto summary = [&](const char* name, double value) {
      out.Summary(name, "1",
                  found ? Measured::Of(value) : Measured::Absent(kConstant));
    };
    const Dimensionality d = found.value_or(Dimensionality());
    summary("participation_ratio", d.participation);
    summary("components", static_cast<double>(d.components));
    summary("total_variance", d.variance);
    double explained = 0;
    for (int64_t k = 0; k < driven_.units(); ++k) {
      if (found) explained += variances[static_cast<size_t>(k)] / d.variance;
      out.Point("explained_variance", "1", "component", "1",
                static_cast<double>(k + 1),
                found ? Measured::Of(explained) : Measured::Absent(kConstant));
    }
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    driven_.VisitState(path, v);
  }

 private:
  Array<double> ActivityOf(int64_t trial) const {
    Array<double> activity(driven_.samples(), driven_.units());
    for (int64_t unit = 0; unit < driven_.units(); ++unit) {
      const std::vector<double> of_unit = driven_.Of(unit, trial);
      std::copy(of_unit.begin(), of_unit.end(),
                activity.data() + unit * activity.rows());
    }
    return activity;
  }

  double share_;
  DrivenTrials driven_;
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = TrialParameters(100);
  parameters.push_back(
      Real("share", "1", 0.9, 0.01, 1, "of the variance, for `components`"));
  for (ParameterSpec& spec : BoxParameters(0)) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

}  // namespace

AnalysisRow DimensionalityRow() {
  const OutputKind summary = OutputKind::kSummary;
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "dimensionality",
      .summary =
          "how many dimensions activity has under noise or random "
          "input: participation ratio and principal components",
      .equation =
          TrialEquation() +
          "\nparticipation_ratio = (sum_k v_k)^2 / sum_k v_k^2, v_k the "
          "variance along principal component k\n"
          "components = the fewest leading ones with `share` of "
          "sum_k v_k",
      .reference = "doi:10.1101/214262",
      .parameters = Parameters(),
      .slots = {},
      .outputs = {{"participation_ratio", summary, "1", "",
                   "how many components carry the variance"},
                  {"components", summary, "1", "",
                   "the fewest that have the share of it"},
                  {"total_variance", summary, "1", "", "sum over units"},
                  {"explained_variance", OutputKind::kSeries, "1", "component",
                   "share of the variance in the components so far"}},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckBox(self, faults);
      }};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component& c, uint64_t seed,
                            int64_t n) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<DimensionalityAnalysis>(c, seed, n);
          },
          .parts = DrivenTrials::PartsOf,
          .reads = {.dynamics = true, .flow = true},
          .state = ArraysOfTrials()};
}

}  // namespace engram
