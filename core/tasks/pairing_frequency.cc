// Bursts of pairs at several frequencies: whether a rule knows that fast pairs
// are more than so many pairs.

#include <algorithm>

#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

// Where a burst is longer than the time between bursts, as at 0.1 Hz, they
// follow each other in the rhythm of the pairs.
Repetition RepetitionAt(const Component& c, double frequency) {
  const int64_t pairs = c.Integer("pairs");
  const double period = 1000.0 / frequency;
  return {.count = pairs,
          .period = period,
          .groups = c.Integer("repeats"),
          .group_period = std::max(c.Real("repeat_period"),
                                   static_cast<double>(pairs) * period)};
}

StimulationProtocol MakePairingFrequency(const Component& c, uint64_t,
                                         double dt) {
  StimulationProtocol protocol{
      .axis = "frequency", .axis_unit = "Hz", .steps = 0, .points = {}};
  const Motif motif{{0}, {c.Real("delta")}};
  for (double frequency : c.Reals("frequencies")) {
    const Repetition repetition = RepetitionAt(c, frequency);
    protocol.points.push_back(
        {frequency, {Repeat(motif, repetition, LeadOf(motif), dt)}});
    protocol.steps = std::max(
        protocol.steps,
        StepAt(repetition.duration() + std::abs(c.Real("delta")), dt) + 1);
  }
  return protocol;
}

ProtocolSize SizeOfPairingFrequency(const Component& c) {
  ProtocolSize size;
  for (double frequency : c.Reals("frequencies")) {
    size.synapses += 1;
    size.duration_ms =
        std::max(size.duration_ms, RepetitionAt(c, frequency).duration());
  }
  size.spikes = 2 * size.synapses *
                static_cast<double>(c.Integer("pairs") * c.Integer("repeats"));
  return size;
}

}  // namespace

ProtocolRow PairingFrequencyRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "pairing_frequency",
      .summary =
          "short bursts of pairs at several frequencies: the weight change "
          "over frequency",
      .equation = "delta = t_post - t_pre",
      .reference = "doi:10.1016/S0896-6273(01)00542-6",
      .parameters =
          {RealList("frequencies", "Hz", {0.1, 10, 20, 40, 50}, 0.01, 1000,
                    "of the pairs within a burst, in rising order"),
           Real("delta", "ms", 10, -10000, 10000, "of each pair"),
           Integer("pairs", 5, 1, 10000, "of a burst"),
           Integer("repeats", 15, 1, 10000, "bursts"),
           Real("repeat_period", "ms", 10000, 0, 1e6,
                "from the start of one burst to that of the next, or the "
                "burst's own length if that is more")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "frequencies", faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfPairingFrequency,
          .make = MakePairingFrequency};
}

}  // namespace engram
