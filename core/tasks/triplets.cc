// Two spikes on one side and one on the other between them.

#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

// The outer side's first spike is the motif's zero.
Motif TripletOf(bool is_pre_outside, double first, double second) {
  const std::vector<double> outside = {0, first + second}, inside = {first};
  return is_pre_outside ? Motif{outside, inside} : Motif{inside, outside};
}

Repetition RepetitionOf(const Component& c) {
  return {.count = c.Integer("count"), .period = 1000.0 / c.Real("frequency")};
}

StimulationProtocol MakeTriplets(const Component& c, uint64_t, double dt) {
  const std::vector<double> first = c.Reals("first"),
                            second = c.Reals("second");
  std::vector<double> number;
  std::vector<Motif> motifs;
  for (size_t i = 0; i < first.size(); ++i) {
    number.push_back(static_cast<double>(i + 1));
    motifs.push_back(
        TripletOf(c.Text("order") == "pre_post_pre", first[i], second[i]));
  }
  StimulationProtocol protocol =
      RepeatEach(number, motifs, RepetitionOf(c), dt);
  protocol.axis = "triplet";
  protocol.axis_unit = "1";
  return protocol;
}

ProtocolSize SizeOfTriplets(const Component& c) {
  const double synapses = static_cast<double>(c.Reals("first").size());
  return {.synapses = synapses,
          .spikes = 3 * synapses * static_cast<double>(c.Integer("count")),
          .duration_ms = RepetitionOf(c).duration()};
}

}  // namespace

ProtocolRow TripletsRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "triplets",
      .summary =
          "triplets of spikes, again and again: the weight change over the "
          "triplet's number",
      .equation = "first = t_2 - t_1, second = t_3 - t_2",
      .reference = "doi:10.1038/nn1387",
      .parameters =
          {Choice("order", "pre_post_pre", {"pre_post_pre", "post_pre_post"},
                  "which side has the outer two spikes"),
           RealList("first", "ms", {5, 10, 15, 5}, 0, 10000,
                    "from the first spike to the second, one for each triplet"),
           RealList("second", "ms", {5, 10, 5, 15}, 0, 10000,
                    "from the second spike to the third"),
           CountParameter("the triplet"), FrequencyParameter("triplets")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckSameLength(self, "second", "first", faults);
        if (self.Reals("first").empty()) {
          AddFault(self, "first", "first is empty; give one for each triplet",
                   faults);
        }
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfTriplets,
          .make = MakeTriplets};
}

}  // namespace engram
