// The stationary rate that Brunel's theory gives a sparse network of
// excitatory and inhibitory units.

#include <algorithm>

#include "core/analyses/spiking/brunel_mean_field.h"
#include "core/analyses/spiking/network_analysis.h"

namespace engram {
namespace {

BrunelNetwork NetworkOf(const Component& c) {
  return {.unit = {.tau = c.Real("tau_m"),
                   .threshold = c.Real("v_th"),
                   .reset = c.Real("v_reset"),
                   .refractory = c.Real("t_ref")},
          .excitatory_inputs = static_cast<double>(c.Integer("inputs")),
          .inhibitory_share = c.Real("inhibitory_share"),
          .weight = c.Real("weight"),
          .g = c.Real("g"),
          .external_ratio = c.Real("external_ratio")};
}

class BrunelMeanFieldAnalysis final : public NetworkAnalysis {
 public:
  explicit BrunelMeanFieldAnalysis(const Component& component)
      : c_(component) {}

  void Run(const NetworkActivity&, AnalysisOutput& out) const override {
    const BrunelNetwork network = NetworkOf(c_);
    const std::vector<StationaryRate> rates = StationaryRates(network);
    double lowest = 0, highest = 0, stable = 0;
    for (const StationaryRate& rate : rates) {
      if (!rate.is_stable) continue;
      if (stable == 0) lowest = rate.rate_hz;
      highest = rate.rate_hz;
      ++stable;
    }
    const auto measured = [&](double value) {
      return stable > 0 ? Measured::Of(value)
                        : Measured::Absent("no rate reproduces itself");
    };
    out.Summary("mean_field_rate", "Hz", measured(highest));
    out.Summary("mean_field_lowest", "Hz", measured(lowest));
    out.Summary("mean_field_rates", "1", Measured::Of(stable));
    out.Summary("mean_field_mu", "mV", measured(network.Mu(highest)));
    out.Summary("mean_field_sigma", "mV", measured(network.Sigma(highest)));
  }

 private:
  Component c_;
};

void Check(const Component& self, const Component&, Faults& faults) {
  if (self.Real("v_reset") < self.Real("v_th")) return;
  faults.push_back({0, self.path + ".v_reset",
                    "the reset is not below the threshold v_th; make it "
                    "lower"});
}

}  // namespace

NetworkAnalysisRow BrunelMeanFieldRow() {
  const OutputKind summary = OutputKind::kSummary;
  ComponentSpec spec{
      .type = "brunel_mean_field",
      .summary = "stationary rate of a sparse network by Brunel's theory",
      .equation =
          "1 / rate = t_ref + tau sqrt(pi) integral of exp(u^2) (1 + erf u) "
          "from (v_reset - mu) / sigma to (v_th - mu) / sigma\n"
          "mu = C J tau (nu_ext + rate (1 - gamma g))\n"
          "sigma^2 = C J^2 tau (nu_ext + rate (1 + gamma g^2))\n"
          "nu_ext = external_ratio v_th / (C J tau)",
      .reference = "doi:10.1023/A:1008925309027",
      .parameters =
          {Integer("inputs", 1000, 1, 1000000000, "C, excitatory, of a unit"),
           Real("inhibitory_share", "1", 0.25, 0, 1000,
                "gamma, inhibitory inputs by excitatory ones"),
           Real("weight", "mV", 0.1, 1e-9, 1e6, "J, of an excitatory input"),
           Real("g", "1", 5, 0, 1e6, "inhibitory weight by excitatory one"),
           Real("external_ratio", "1", 2, 0, 1e6,
                "external rate by the one that reaches the threshold"),
           Real("tau_m", "ms", 20, 0.01, 1e6, "of the membrane"),
           Real("v_th", "mV", 20, 1e-3, 1000, "threshold, above rest"),
           Real("v_reset", "mV", 10, -1000, 1000, "reset, above rest"),
           Real("t_ref", "ms", 2, 1e-3, 1e4, "refractory time")},
      .outputs = {{"mean_field_rate", summary, "Hz", "",
                   "stationary rate; of several that are stable the highest"},
                  {"mean_field_lowest", summary, "Hz", "",
                   "the lowest stable one"},
                  {"mean_field_rates", summary, "1", "", "how many are stable"},
                  {"mean_field_mu", summary, "mV", "", "mean input there"},
                  {"mean_field_sigma", summary, "mV", "", "its noise"}},
      .check = Check};
  return RowOfNetworkAnalysis<BrunelMeanFieldAnalysis>(std::move(spec));
}

}  // namespace engram
