// Any spike trains of one's own.

#include <algorithm>

#include "core/tasks/course.h"
#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

Motif ShiftedMotif(const Component& c, double shift) {
  Motif motif{c.Reals("pre"), c.Reals("post")};
  for (double& t : motif.post) t += shift;
  return motif;
}

Repetition RepetitionOf(const Component& c) {
  return {.count = c.Integer("count"), .period = c.Real("period")};
}

StimulationProtocol MakeSpikeTimes(const Component& c, uint64_t, double dt) {
  std::vector<Motif> motifs;
  for (double shift : c.Reals("shifts")) {
    motifs.push_back(ShiftedMotif(c, shift));
  }
  StimulationProtocol protocol =
      RepeatEach(c.Reals("shifts"), motifs, RepetitionOf(c), dt);
  double lead = 0;
  for (const Motif& motif : motifs) lead = std::max(lead, LeadOf(motif));
  for (ProtocolPoint& point : protocol.points) {
    if (!c.Has("modulator")) break;
    point.synapses[0].modulator = LevelsOf(c.RealRows("modulator"), lead, dt);
  }
  protocol.axis = "shift";
  protocol.axis_unit = "ms";
  return protocol;
}

ProtocolSize SizeOfSpikeTimes(const Component& c) {
  const double synapses = static_cast<double>(c.Reals("shifts").size());
  const double spikes =
      static_cast<double>(c.Reals("pre").size() + c.Reals("post").size());
  return {.synapses = synapses,
          .spikes = synapses * spikes * static_cast<double>(c.Integer("count")),
          .duration_ms = RepetitionOf(c).duration()};
}

}  // namespace

ProtocolRow SpikeTimesRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "spike_times",
      .summary =
          "spike trains of one's own, the postsynaptic one shifted: the weight "
          "change over the shift",
      .equation = "",
      .reference = "",
      .parameters =
          {RealList("pre", "ms", {0, 20, 40}, -1e7, 1e7,
                    "times of the presynaptic spikes"),
           RealList("post", "ms", {10, 30, 50}, -1e7, 1e7,
                    "times of the postsynaptic spikes"),
           RealList("shifts", "ms", {0}, -1e6, 1e6,
                    "added to every postsynaptic time, one point of the curve "
                    "each, in rising order"),
           Integer("count", 1, 1, 10000, "how often all of it comes"),
           Real("period", "ms", 1000, 0, 1e7, "from one start to the next one"),
           CourseParameter("modulator", {},
                           "levels of the modulator from the first start on, "
                           "each [time in ms, value], in place of the "
                           "program's constant one")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "shifts", faults);
        CheckCourse(self, "modulator", faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfSpikeTimes,
          .make = MakeSpikeTimes};
}

}  // namespace engram
