// A pair of spikes, and a reward that comes later.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

Repetition RepetitionOf(const Component& c) {
  return {.count = c.Integer("count"), .period = c.Real("period")};
}

// Delays count from the later spike of the pair.
std::vector<Level> Rewards(const Component& c, double delay, double lead,
                           double dt) {
  std::vector<Level> levels = {{0, 0}};
  const double after = std::max(0.0, c.Real("delta")) + delay;
  const int64_t length =
      std::max<int64_t>(StepAt(c.Real("reward_duration"), dt), 1);
  for (int64_t k = 0; k < c.Integer("count"); ++k) {
    const int64_t zero = StepAt(lead, dt) +
                         StepAt(static_cast<double>(k) * c.Real("period"), dt);
    const int64_t from = zero + StepAt(after, dt);
    if (from == levels.back().from) levels.pop_back();
    levels.push_back({from, c.Real("reward")});
    levels.push_back({from + length, 0});
  }
  return levels;
}

StimulationProtocol MakeDelayedReward(const Component& c, uint64_t, double dt) {
  const Motif motif{{0}, {c.Real("delta")}};
  const double lead = LeadOf(motif);
  const Repetition repetition = RepetitionOf(c);
  StimulationProtocol protocol{
      .axis = "delay",
      .axis_unit = "ms",
      .steps = StepAt(lead + repetition.duration(), dt) + 1,
      .points = {}};
  for (double delay : c.Reals("delays")) {
    SynapseStimulus stimulus = Repeat(motif, repetition, lead, dt);
    stimulus.modulator = Rewards(c, delay, lead, dt);
    protocol.points.push_back({delay, {std::move(stimulus)}});
  }
  return protocol;
}

ProtocolSize SizeOfDelayedReward(const Component& c) {
  const double synapses = static_cast<double>(c.Reals("delays").size());
  return {.synapses = synapses,
          .spikes = 2 * synapses * static_cast<double>(c.Integer("count")),
          .duration_ms = RepetitionOf(c).duration()};
}

void CheckPeriod(const Component& self, Faults& faults) {
  const std::vector<double> delays = self.Reals("delays");
  if (delays.empty()) return;
  const double needed = std::abs(self.Real("delta")) + delays.back() +
                        self.Real("reward_duration");
  if (needed < self.Real("period")) return;
  AddFault(
      self, "period",
      absl::StrCat("a pair with its last reward takes ", needed,
                   " ms, and the next pair comes after ", self.Real("period"),
                   " ms; make period longer or the delays shorter"),
      faults);
}

}  // namespace

ProtocolRow DelayedRewardRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "delayed_reward",
      .summary =
          "pairs of spikes, each followed by a reward: the weight change over "
          "the reward's delay",
      .equation =
          "modulator = reward from delay to delay + reward_duration after the "
          "pair, otherwise 0",
      .reference = "doi:10.1093/cercor/bhl152",
      .parameters =
          {RealList("delays", "ms",
                    {0, 250, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000}, 0,
                    1e6, "from the pair's later spike, in rising order"),
           Real("delta", "ms", 10, -10000, 10000, "of the pair"),
           Real("reward", "1", 1, -1000, 1000, "height of the modulator"),
           Real("reward_duration", "ms", 10, 0.001, 1e5,
                "of one reward, at least one step"),
           Integer("count", 1, 1, 10000, "how often a pair comes"),
           Real("period", "ms", 10000, 1, 1e7, "from one pair to the next")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "delays", faults);
        CheckPeriod(self, faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfDelayedReward,
          .make = MakeDelayedReward};
}

}  // namespace engram
