#include <memory>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/timescales/network_timescales.h"
#include "core/analyses/timescales/timescale_report.h"

namespace engram {
namespace {

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Integer("trials", 10, 1, 10000, "each from another state"),
      Integer("samples", 5000, 10, 10000000, "of a trial, after its burn-in"),
      Integer("burn_in", 500, 0, 10000000, "samples before them, left out"),
      Real("every", "ms", 1, 1e-3, 1e5, "time between samples"),
      Integer("units", 20, 1, 100000,
              "single units that are looked at, spread over all"),
      Choice("activity", "rates", {"rates", "potentials"},
             "what is looked at: what units send, or their state"),
      Real("sigma", "1", 0.1, 0, 1000,
           "noise: standard deviation of an uncoupled variable; 0: none"),
      Real("input", "1", 0, 0, 1000,
           "standard deviation over units of the binary input; 0: none"),
      Integer("hold", 1, 1, 1000000, "samples that an input stays"),
      Integer("lags", 30, 5, 100000, "of the autocorrelation, in samples")};
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
      .equation =
          "T dx/dt = F(x) + input w S(t) + noise\n" + TimescaleEquation(),
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
          .reads = {.dynamics = true},
          .state = {"x", "activity"}};
}

}  // namespace engram
