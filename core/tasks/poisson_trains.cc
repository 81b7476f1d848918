// Independent Poisson trains on both sides.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/geometric.h"
#include "core/base/math.h"
#include "core/base/random.h"
#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

// Steps with a spike, each with probability rate dt: gaps are geometric, one
// draw a spike.
std::vector<int64_t> Train(const RandomStream& random, int64_t unit,
                           double rate_hz, int64_t steps, double dt) {
  std::vector<int64_t> train;
  const double p = rate_hz * dt / 1000;
  if (p <= 0) return train;
  const double scale = p < 1 ? 1 / LogOfSilence(p) : 0;
  for (int64_t draw = 0, step = -1;; ++draw) {
    // Beyond the end whatever it is: a long gap would overflow.
    const double gap =
        std::floor(math::Log(random.Uniform(unit, draw)) * scale);
    if (gap >= static_cast<double>(steps - step - 1)) return train;
    step += 1 + static_cast<int64_t>(gap);
    train.push_back(step);
  }
}

StimulationProtocol MakePoissonTrains(const Component& c, uint64_t seed,
                                      double dt) {
  const RandomStream pre(seed, c.path, "pre_spikes");
  const RandomStream post(seed, c.path, "post_spikes");
  StimulationProtocol protocol{.axis = "post_rate",
                               .axis_unit = "Hz",
                               .steps = StepAt(c.Real("duration"), dt),
                               .points = {}};
  int64_t unit = 0;
  for (double rate : c.Reals("post_rates")) {
    ProtocolPoint point{rate, {}};
    for (int64_t k = 0; k < c.Integer("synapses"); ++k, ++unit) {
      SynapseStimulus stimulus;
      stimulus.pre = Train(pre, unit, c.Real("pre_rate"), protocol.steps, dt);
      stimulus.post = Train(post, unit, rate, protocol.steps, dt);
      point.synapses.push_back(std::move(stimulus));
    }
    protocol.points.push_back(std::move(point));
  }
  return protocol;
}

ProtocolSize SizeOfPoissonTrains(const Component& c) {
  const double seconds = c.Real("duration") / 1000;
  const double each = static_cast<double>(c.Integer("synapses"));
  ProtocolSize size{.synapses = 0, .spikes = 0, .duration_ms = 1000 * seconds};
  for (double rate : c.Reals("post_rates")) {
    size.synapses += each;
    size.spikes += each * seconds * (rate + c.Real("pre_rate"));
  }
  return size;
}

// A step holds at most one spike of a side.
void CheckRates(const Component& self, const Component& root, Faults& faults) {
  if (!root.parameters.contains("dt")) return;
  const double most = 1000 / root.Real("dt");
  double largest = self.Real("pre_rate");
  for (double rate : self.Reals("post_rates"))
    largest = std::max(largest, rate);
  if (largest <= most) return;
  AddFault(
      self, "post_rates",
      absl::StrCat("a rate of ", largest,
                   " Hz is more than one spike in "
                   "every step of ",
                   root.Real("dt"), " ms; make dt smaller or the rate lower"),
      faults);
}

}  // namespace

ProtocolRow PoissonTrainsRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "poisson_trains",
      .summary =
          "independent Poisson spikes on both sides: the mean weight change "
          "over the postsynaptic rate",
      .equation = "in each step, P(spike) = rate dt",
      .reference = "doi:10.1103/PhysRevE.59.4498",
      .parameters =
          {Real("pre_rate", "Hz", 10, 0, 10000, "of the presynaptic spikes"),
           RealList("post_rates", "Hz", {0, 5, 10, 15, 20, 30, 40, 50}, 0,
                    10000, "of the postsynaptic spikes, in rising order"),
           Real("duration", "ms", 10000, 0.001, 1e7, "of the stimulation"),
           Integer(
               "synapses", 20, 1, 10000,
               "independent ones at each rate, of which the mean is taken")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component& root,
                  Faults& faults) {
        CheckRising(self, "post_rates", faults);
        CheckRates(self, root, faults);
      }};
  return {.spec = std::move(spec),
          .gives_spikes = true,
          .size = SizeOfPoissonTrains,
          .make = MakePoissonTrains};
}

}  // namespace engram
