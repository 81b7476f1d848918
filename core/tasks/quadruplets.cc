// A pair of each order: post before pre, and pre before post.

#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

// The middle of the post-pre pair is the motif's zero, that of the pre-post
// pair lies `interval` later.
Motif QuadrupletOf(double delta, double interval) {
  const double half = delta / 2;
  return {{half, interval - half}, {-half, interval + half}};
}

Repetition RepetitionOf(const Component& c) {
  return {.count = c.Integer("count"), .period = 1000.0 / c.Real("frequency")};
}

// Spikes of half a delta would be rounded on a grid of dt; from the first one
// on, all of a motif's times are multiples of dt when delta and interval are.
Motif FromFirst(Motif motif) {
  const double lead = LeadOf(motif);
  for (double& t : motif.pre) t += lead;
  for (double& t : motif.post) t += lead;
  return motif;
}

StimulationProtocol MakeQuadruplets(const Component& c, uint64_t, double dt) {
  const std::vector<double> intervals = c.Reals("intervals");
  std::vector<Motif> motifs;
  for (double interval : intervals) {
    motifs.push_back(FromFirst(QuadrupletOf(c.Real("delta"), interval)));
  }
  StimulationProtocol protocol =
      RepeatEach(intervals, motifs, RepetitionOf(c), dt);
  protocol.axis = "interval";
  protocol.axis_unit = "ms";
  return protocol;
}

ProtocolSize SizeOfQuadruplets(const Component& c) {
  const double synapses = static_cast<double>(c.Reals("intervals").size());
  return {.synapses = synapses,
          .spikes = 4 * synapses * static_cast<double>(c.Integer("count")),
          .duration_ms = RepetitionOf(c).duration()};
}

}  // namespace

ProtocolRow QuadrupletsRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "quadruplets",
      .summary =
          "a post-pre pair and a pre-post pair, again and again: the weight "
          "change over the interval between them",
      .equation =
          "interval = middle of the pre-post pair - middle of the post-pre "
          "pair\n"
          "positive: post-pre-pre-post, negative: pre-post-post-pre",
      .reference = "doi:10.1038/nn1387",
      .parameters =
          {RealList("intervals", "ms",
                    {-100, -80, -60, -40, -30, -20, -10, 10, 20, 30, 40, 60, 80,
                     100},
                    -10000, 10000,
                    "from the post-pre pair to the pre-post pair, in rising "
                    "order"),
           Real("delta", "ms", 5, 0, 10000,
                "between the two spikes of either pair"),
           CountParameter("the quadruplet"), FrequencyParameter("quadruplets")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "intervals", faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfQuadruplets,
          .make = MakeQuadruplets};
}

}  // namespace engram
