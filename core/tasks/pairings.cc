// Pairs of one presynaptic and one postsynaptic spike, at a slow rate: what an
// STDP window is measured with.

#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

std::vector<double> Deltas(const Component& c) {
  if (c.Has("deltas")) return c.Reals("deltas");
  const double most = c.Real("largest_delta");
  return Range(-most, most, c.Real("delta_step"));
}

Repetition RepetitionOf(const Component& c) {
  return {.count = c.Integer("count"), .period = 1000.0 / c.Real("frequency")};
}

StimulationProtocol MakePairings(const Component& c, uint64_t, double dt) {
  const std::vector<double> deltas = Deltas(c);
  std::vector<Motif> motifs;
  for (double delta : deltas) motifs.push_back({{0}, {delta}});
  StimulationProtocol protocol =
      RepeatEach(deltas, motifs, RepetitionOf(c), dt);
  protocol.axis = "delta";
  protocol.axis_unit = "ms";
  return protocol;
}

ProtocolSize SizeOfPairings(const Component& c) {
  const double synapses = static_cast<double>(Deltas(c).size());
  return {.synapses = synapses,
          .spikes = 2 * synapses * static_cast<double>(c.Integer("count")),
          .duration_ms = RepetitionOf(c).duration()};
}

}  // namespace

ProtocolRow PairingsRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "pairings",
      .summary =
          "pairs of spikes, again and again: the weight change over delta is "
          "the STDP window",
      .equation = "delta = t_post - t_pre",
      .reference = "doi:10.1523/JNEUROSCI.18-24-10464.1998",
      .parameters = {CountParameter("the pair"), FrequencyParameter("pairs"),
                     Real("largest_delta", "ms", 100, 0, 1000,
                          "the window reaches from minus to plus this"),
                     Real("delta_step", "ms", 5, 0.01, 1000,
                          "between neighbouring points of the window"),
                     OptionalRealList(
                         "deltas", "ms", -10000, 10000,
                         "the points themselves, in rising order, in place "
                         "of largest_delta and delta_step")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "deltas", faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfPairings,
          .make = MakePairings};
}

}  // namespace engram
