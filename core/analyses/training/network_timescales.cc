// How long the activity of a trained network lasts, whatever its units' own
// time constants are: tau_net.
//
// Source: Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analyses/timescales/autocovariance_stream.h"
#include "core/analyses/timescales/timescale_report.h"
#include "core/analyses/training/catalog.h"
#include "core/analyses/training/driven_network.h"

namespace engram {
namespace {

// Series are the units of the first trial, the mean of all, those of the next
// trial, and so on.
template <class Real>
class NetworkTimescales final : public TrainedAnalysis<Real> {
 public:
  explicit NetworkTimescales(const TrainedSubject& subject)
      : component_(subject.analysis),
        driven_(subject),
        covariances_((subject.units + 1) * driven_.trials(),
                     component_.Integer("lags")) {}

  void RunPart(const TrainedState<Real>& trained, int64_t part) override {
    driven_.RunPart(trained, part);
    trained.parallel.ForBlocks(
        driven_.trials(), 1, [&](int64_t begin, int64_t end) {
          for (int64_t trial = begin; trial < end; ++trial) AddTrial(trial);
        });
  }

  void Finish(const TrainedState<Real>&, AnalysisOutput& out) override {
    const int64_t units = driven_.units(), lags = covariances_.lags();
    Autocorrelations each(units, lags), population(1, lags);
    std::vector<int64_t> numbers;
    for (int64_t unit = 0; unit < units; ++unit) numbers.push_back(unit);
    for (int64_t trial = 0; trial < driven_.trials(); ++trial) {
      const int64_t first = trial * (units + 1);
      for (int64_t unit = 0; unit < units; ++unit) {
        each.AddCovariance(unit, covariances_.Of(first + unit));
      }
      population.AddCovariance(0, covariances_.Of(first + units));
    }
    ReportTimescales({population, each, std::move(numbers)},
                     TimescaleFit(component_, 1, "1"), out);
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    driven_.VisitState(path, v);
    covariances_.VisitState(path, v);
  }

 private:
  void AddTrial(int64_t trial) {
    const int64_t units = driven_.units();
    std::vector<double> activity(static_cast<size_t>(driven_.steps()));
    std::vector<double> mean(activity.size());
    for (int64_t unit = 0; unit < units; ++unit) {
      driven_.CopyActivity(unit, trial, activity.data());
      covariances_.Add(trial * (units + 1) + unit, activity);
      for (size_t t = 0; t < mean.size(); ++t) {
        mean[t] += activity[t] / static_cast<double>(units);
      }
    }
    covariances_.Add(trial * (units + 1) + units, mean);
  }

  const Component& component_;
  DrivenNetwork<Real> driven_;
  AutocovarianceStream covariances_;
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = DriveParameters(100000);
  parameters.push_back(
      Integer("lags", 30, 5, 100000, "of the autocorrelation, in steps"));
  for (const ParameterSpec& more : FitParameters(0, 100, "1")) {
    parameters.push_back(more);
  }
  return parameters;
}

void Check(const Component& self, const Component&, Faults& faults) {
  CheckFit(self, 1, faults, " steps");
  const int64_t lags = self.Integer("lags"), steps = self.Integer("steps");
  if (steps > lags + 1) return;
  faults.push_back(
      {0, absl::StrCat(self.path, ".steps"),
       absl::StrCat("steps = ", steps, " is not above lags + 1 = ", lags + 1,
                    "; run more of them, or look at fewer lags")});
}

}  // namespace

TrainedAnalysisRow NetworkTimescalesRow() {
  TrainedAnalysisRow row = RowOfTrainedAnalysis<NetworkTimescales>(
      {.type = "network_timescales",
       .summary = "how long the activity of a trained network lasts under "
                  "random bits: autocorrelations of the population and of "
                  "single units, and the time constants that fit them",
       .equation = absl::StrCat(DriveEquation(), "\n", TimescaleEquation()),
       .reference = "arXiv:2309.12927",
       .parameters = Parameters(),
       .outputs = TimescaleOutputs("1"),
       .check = Check});
  row.parts = [](const Component& c, const Component&) {
    return PartsOfDrive(c);
  };
  row.work = [](const Component& c, const Component&) {
    return TrainedWork{
        .columns = ColumnsOfDrive(c),
        .bytes = 24.0 *
                 static_cast<double>(c.Integer("lags") * c.Integer("trials"))};
  };
  row.state = [](const Component&, const Component&) {
    std::vector<std::string> names = AutocovarianceStream::Arrays();
    names.push_back("network_state");
    return names;
  };
  return row;
}

}  // namespace engram
