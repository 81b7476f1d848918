// Constant rates on both sides, for rules that read rates.

#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

StimulationProtocol MakeSteadyRates(const Component& c, uint64_t, double dt) {
  StimulationProtocol protocol{.axis = "post_rate",
                               .axis_unit = "1",
                               .steps = StepAt(c.Real("duration"), dt),
                               .points = {}};
  for (double rate : c.Reals("post_rates")) {
    SynapseStimulus stimulus;
    stimulus.pre_rate = {{0, c.Real("pre_rate")}};
    stimulus.post_rate = {{0, rate}};
    protocol.points.push_back({rate, {std::move(stimulus)}});
  }
  return protocol;
}

ProtocolSize SizeOfSteadyRates(const Component& c) {
  return {.synapses = static_cast<double>(c.Reals("post_rates").size()),
          .spikes = 0,
          .duration_ms = c.Real("duration")};
}

}  // namespace

ProtocolRow SteadyRatesRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "steady_rates",
      .summary =
          "constant rates on both sides: the weight change over the "
          "postsynaptic rate",
      .equation = "r_j = pre_rate, r_i = post_rate",
      .reference = "doi:10.1523/JNEUROSCI.02-01-00032.1982",
      .parameters =
          {Real("pre_rate", "1", 1, 0, 1000, "of the presynaptic unit"),
           RealList("post_rates", "1",
                    {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}, 0,
                    1000, "of the postsynaptic unit, in rising order"),
           Real("duration", "ms", 100, 0.001, 1e7, "of the stimulation")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "post_rates", faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = false,
          .size = SizeOfSteadyRates,
          .make = MakeSteadyRates};
}

}  // namespace engram
