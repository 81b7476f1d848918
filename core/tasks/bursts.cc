// Bursts on either side, at several lags.

#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

std::vector<double> BurstFrom(double begin, int64_t spikes, double frequency) {
  std::vector<double> times;
  for (int64_t k = 0; k < spikes; ++k) {
    times.push_back(begin + static_cast<double>(k) * 1000.0 / frequency);
  }
  return times;
}

Repetition RepetitionOf(const Component& c) {
  return {.count = c.Integer("count"), .period = 1000.0 / c.Real("frequency")};
}

StimulationProtocol MakeBursts(const Component& c, uint64_t, double dt) {
  const double inside = c.Real("burst_frequency");
  std::vector<Motif> motifs;
  for (double delta : c.Reals("deltas")) {
    motifs.push_back({BurstFrom(0, c.Integer("pre_spikes"), inside),
                      BurstFrom(delta, c.Integer("post_spikes"), inside)});
  }
  StimulationProtocol protocol =
      RepeatEach(c.Reals("deltas"), motifs, RepetitionOf(c), dt);
  protocol.axis = "delta";
  protocol.axis_unit = "ms";
  return protocol;
}

ProtocolSize SizeOfBursts(const Component& c) {
  const double synapses = static_cast<double>(c.Reals("deltas").size());
  return {.synapses = synapses,
          .spikes = synapses * static_cast<double>(c.Integer("count") *
                                                   (c.Integer("pre_spikes") +
                                                    c.Integer("post_spikes"))),
          .duration_ms = RepetitionOf(c).duration()};
}

}  // namespace

ProtocolRow BurstsRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "bursts",
      .summary =
          "a presynaptic and a postsynaptic burst, again and again: the weight "
          "change over the lag between their first spikes",
      .equation = "delta = first t_post - first t_pre",
      .reference = "doi:10.1152/jn.00905.2005",
      .parameters = {Integer("pre_spikes", 1, 1, 1000,
                             "of the presynaptic burst"),
                     Integer("post_spikes", 3, 1, 1000,
                             "of the postsynaptic burst"),
                     Real("burst_frequency", "Hz", 100, 0.1, 1000,
                          "of the spikes within a burst"),
                     RealList("deltas", "ms",
                              {-100, -80, -60, -50, -40, -30, -20, -10, 0, 10,
                               20, 30, 40, 50, 60, 80, 100},
                              -10000, 10000, "lags, in rising order"),
                     CountParameter("the pair of bursts"),
                     FrequencyParameter("pairs of bursts")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "deltas", faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfBursts,
          .make = MakeBursts};
}

}  // namespace engram
