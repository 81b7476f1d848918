// How many dimensions the activity of a trained network has under random bits.

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analyses/dimensionality/dimensionality.h"
#include "core/analyses/training/catalog.h"
#include "core/analyses/training/driven_network.h"

namespace engram {
namespace {

constexpr char kConstant[] = "the activity does not change, or is not finite";

template <class Real>
class ActivityDimensionality final : public TrainedAnalysis<Real> {
 public:
  explicit ActivityDimensionality(const TrainedSubject& subject)
      : share_(subject.analysis.Real("share")),
        driven_(subject),
        covariance_(subject.units) {}

  void RunPart(const TrainedState<Real>& trained, int64_t part) override {
    driven_.RunPart(trained, part);
    Array<double> activity(driven_.steps(), driven_.units());
    for (int64_t trial = 0; trial < driven_.trials(); ++trial) {
      for (int64_t unit = 0; unit < driven_.units(); ++unit) {
        driven_.CopyActivity(unit, trial,
                             activity.data() + unit * driven_.steps());
      }
      covariance_.Add(activity);
    }
  }

  void Finish(const TrainedState<Real>&, AnalysisOutput& out) override {
    const std::vector<double> variances = covariance_.Variances();
    const auto found = DimensionalityOf(variances, share_);
    const Dimensionality d = found.value_or(Dimensionality());
    const auto summary = [&](const char* name, double value) {
      out.Summary(name, "1",
                  found ? Measured::Of(value) : Measured::Absent(kConstant));
    };
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
    covariance_.VisitState(path, v);
  }

 private:
  double share_;
  DrivenNetwork<Real> driven_;
  ActivityCovariance covariance_;
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = DriveParameters(2000);
  parameters.push_back(Real("share", "1", 0.9, 0.01, 1,
                            "of the variance that `components` have"));
  return parameters;
}

}  // namespace

TrainedAnalysisRow ActivityDimensionalityRow() {
  const OutputKind summary = OutputKind::kSummary;
  TrainedAnalysisRow row = RowOfTrainedAnalysis<ActivityDimensionality>(
      {.type = "activity_dimensionality",
       .summary = "how many dimensions the activity of a trained network has "
                  "under random bits",
       .equation = absl::StrCat(
           DriveEquation(),
           "\nparticipation_ratio = (sum_k v_k)^2 / sum_k v_k^2, v_k the "
           "variance along principal component k\n"
           "components = the fewest leading ones with `share` of sum_k v_k"),
       .reference = "doi:10.1101/214262",
       .parameters = Parameters(),
       .outputs = {{"participation_ratio", summary, "1", "",
                    "how many components carry the variance"},
                   {"components", summary, "1", "",
                    "the fewest that have the share of it"},
                   {"total_variance", summary, "1", "", "sum over units"},
                   {"explained_variance", OutputKind::kSeries, "1", "component",
                    "share of the variance in the components so far"}}});
  row.parts = [](const Component& c, const Component&) {
    return PartsOfDrive(c);
  };
  row.work = [](const Component& c, const Component&) {
    return TrainedWork{.columns = ColumnsOfDrive(c), .bytes = 0};
  };
  row.state = [](const Component&, const Component&) {
    std::vector<std::string> names = ActivityCovariance::Arrays();
    names.push_back("network_state");
    return names;
  };
  return row;
}

}  // namespace engram
