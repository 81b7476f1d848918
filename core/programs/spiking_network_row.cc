#include "absl/strings/str_cat.h"
#include "core/programs/catalog.h"
#include "core/programs/network_analyses.h"
#include "core/programs/spiking_network.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/recording.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC.
constexpr double kUnit = 3e-9;          // [s] a unit's step
constexpr double kEvent = 4e-9;         // [s] a synaptic event
constexpr double kDrawn = 6e-8;         // [s] a synapse, to build
constexpr double kRate = 0.01;          // [1/ms] taken where nothing is known
constexpr int64_t kProcess = 32 << 20;  // [bytes] without any array
constexpr double kGiB = 1024.0 * 1024 * 1024;

double BytesOf(const NetworkPlan& plan) {
  const double real = plan.is_single ? 4 : 8;
  double bytes = plan.bytes_of_synapses();
  for (const PlannedSynapses& s : plan.synapses) {
    const double rows = static_cast<double>(s.from.units) *
                        static_cast<double>(s.to.ranges.size());
    bytes += rows * plan.shards * 4;
    bytes += static_cast<double>(s.to.units * s.delay.highest) * real;
  }
  for (const PlannedPopulation& p : plan.populations) {
    const double arrays =
        static_cast<double>(p.row->arrays.size() + p.row->receptors.size());
    bytes += static_cast<double>(p.units) * (arrays * real + 16);
  }
  return bytes;
}

Estimate EstimateSpikingNetwork(const Component& root) {
  Faults faults;
  const Component whole = WithCircuits(root);
  const NetworkPlan plan = PlanNetwork(whole, faults);
  const double ms = static_cast<double>(plan.steps) * plan.dt;
  const double spikes = static_cast<double>(plan.units()) * kRate * ms;
  const int64_t of_tick = StepsOfTick(plan);
  return {
      .seconds = static_cast<double>(plan.steps) *
                     static_cast<double>(plan.units()) * kUnit +
                 plan.expected_synapses() * (kRate * ms * kEvent + kDrawn),
      .memory_bytes = kProcess + static_cast<int64_t>(BytesOf(plan)),
      .record_bytes = static_cast<int64_t>(12 * spikes) + 4096,
      .ticks = (plan.steps + of_tick - 1) / of_tick,
      .tick_name = absl::StrCat(static_cast<double>(of_tick) * plan.dt, " ms")};
}

std::vector<std::string> ArraysOfSpikingNetwork(const Component& root) {
  Faults faults;
  const Component whole = WithCircuits(root);
  std::vector<std::string> arrays = ArraysOfNetwork(PlanNetwork(whole, faults));
  arrays.push_back("spike_counts");
  for (std::string& name : ArraysOfAnalyses(whole)) {
    arrays.push_back(std::move(name));
  }
  return arrays;
}

void CheckSpikingNetwork(const Component& self, const Component&,
                         Faults& faults) {
  const size_t before = faults.size();
  const Component whole = WithCircuits(self);
  const NetworkPlan plan = PlanNetwork(whole, faults);
  if (faults.size() != before) return;
  PlanRecordings(whole, plan, /*seed=*/0, faults);
  CheckAnalyses(whole, plan, faults);
  const double wanted = (BytesOf(plan) + kProcess) / kGiB;
  const double limit = self.Real("memory_limit");
  if (wanted <= limit) return;
  faults.push_back(
      {0, self.path,
       absl::StrCat("the network needs about ", wanted, " GiB for ",
                    plan.expected_synapses(), " synapses and ", plan.units(),
                    " units, above memory_limit = ", limit,
                    " GiB; take fewer, precision: single, or raise the "
                    "limit")});
}

std::vector<SlotSpec> NetworkSlots() {
  const auto slot = [](std::string name, Kind kind, bool optional,
                       std::string meaning) {
    return SlotSpec{.name = std::move(name),
                    .kind = kind,
                    .many = true,
                    .optional = optional,
                    .default_type = "",
                    .meaning = std::move(meaning)};
  };
  return {slot("populations", Kind::kPopulation, true,
               "units, each kind of neuron by its name"),
          slot("groups", Kind::kGroup, true,
               "names for several of them, and circuits, which bring theirs"),
          slot("projections", Kind::kProjection, true, "synapses"),
          slot("recordings", Kind::kRecording, true,
               "what is recorded; all spikes where it is empty"),
          slot("stimuli", Kind::kStimulus, true, "input from outside"),
          slot("modulators", Kind::kModulator, true,
               "third factors of plastic synapses"),
          slot("analyses", Kind::kAnalysis, true,
               "what is measured of the spikes at the end")};
}

}  // namespace

ProgramRow SpikingNetworkRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "spiking_network",
      .summary =
          "populations of spiking neurons, joined by synapses, for a "
          "time",
      .equation = "",
      .reference = "",
      .parameters =
          {Real("dt", "ms", 0.1, 1e-4, 10, "step"),
           Real("duration", "ms", 1000, 0, 1e9, "simulated time"),
           Choice("precision", "double", {"single", "double"},
                  "of state and weights"),
           Real("highest_rate", "Hz", 1000, 1e-3, 1e6,
                "a population that fires more over a tick ends the run"),
           Real("memory_limit", "1", 64, 1e-3, 1e5,
                "a network that needs more is refused [GiB]")},
      .slots = NetworkSlots(),
      .outputs = {{"synapses", OutputKind::kSummary, "1", "",
                   "synapses of all projections"}},
      .check = CheckSpikingNetwork};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            if (root.Text("precision") == "single") {
              return std::make_unique<SpikingNetworkProgram<float>>(root, seed,
                                                                    context);
            }
            return std::make_unique<SpikingNetworkProgram<double>>(root, seed,
                                                                   context);
          },
          EstimateSpikingNetwork, ArraysOfSpikingNetwork};
}

}  // namespace engram
