#include <memory>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/driven_trials.h"
#include "core/analyses/timescales/timescale_report.h"

namespace engram {
namespace {

// Time constants of the activity that a system shows in driven trials.
class NetworkTimescales final : public SystemAnalysis {
 public:
  NetworkTimescales(const Component& component, uint64_t seed, int64_t n)
      : component_(component), driven_(component, seed, n) {}

  int64_t parts() const override { return driven_.parts(); }
  void RunPart(const SystemSubject& subject, int64_t part) override {
    driven_.RunPart(subject, part);
  }

  void Finish(const SystemSubject&, AnalysisOutput& out) override {
    const int64_t lags = component_.Integer("lags");
    Autocorrelations units(driven_.units(), lags), population(1, lags);
    std::vector<int64_t> numbers;
    for (int64_t unit = 0; unit < driven_.units(); ++unit) {
      numbers.push_back(driven_.NumberOf(unit));
    }
    for (int64_t trial = 0; trial < driven_.trials(); ++trial) {
      for (int64_t unit = 0; unit < driven_.units(); ++unit) {
        units.Add(unit, driven_.Of(unit, trial));
      }
      population.Add(0, driven_.Of(driven_.units(), trial));
    }
    ReportTimescales({population, units, std::move(numbers)},
                     TimescaleFit(component_, driven_.every()), out);
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    driven_.VisitState(path, v);
  }

 private:
  Component component_;
  DrivenTrials driven_;
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = TrialParameters(20);
  parameters.push_back(
      Integer("lags", 30, 5, 100000, "of the autocorrelation, in samples"));
  for (const auto& more : {FitParameters(0, 100), BoxParameters(0)}) {
    parameters.insert(parameters.end(), more.begin(), more.end());
  }
  return parameters;
}

void Check(const Component& self, const Component&, Faults& faults) {
  CheckBox(self, faults);
  CheckFit(self, self.Real("every"), faults);
  const int64_t lags = self.Integer("lags"), samples = self.Integer("samples");
  if (samples > lags + 1) return;
  faults.push_back({0, absl::StrCat(self.path, ".samples"),
                    absl::StrCat("samples = ", samples,
                                 " is not above lags + 1 = ", lags + 1,
                                 "; record more of them, or look at fewer "
                                 "lags")});
}

}  // namespace

AnalysisRow AutocorrelationRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "autocorrelation",
      .summary =
          "how long activity lasts under noise or random input: "
          "autocorrelations of the population and of single units, and "
          "the time constants that fit them",
      .equation = TrialEquation() + "\n" + TimescaleEquation(),
      .reference = "arXiv:2309.12927",
      .parameters = Parameters(),
      .slots = {},
      .outputs = TimescaleOutputs(),
      .check = Check};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component& c, uint64_t seed,
                            int64_t n) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<NetworkTimescales>(c, seed, n);
          },
          .parts = DrivenTrials::PartsOf,
          .reads = {.dynamics = true, .flow = true},
          .state = ArraysOfTrials()};
}

}  // namespace engram
