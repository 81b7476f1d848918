#include "core/programs/spiking_network.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr double kMsOfSecond = 1000;

NetworkPlan PlanOf(const Component& root) {
  Faults faults;
  NetworkPlan plan = PlanNetwork(root, faults);
  ENGRAM_EXPECT(faults.empty());
  return plan;
}

RecordingPlan RecordingsOf(const Component& root, const NetworkPlan& plan,
                           uint64_t seed) {
  Faults faults;
  RecordingPlan recordings = PlanRecordings(root, plan, seed, faults);
  ENGRAM_EXPECT(faults.empty());
  return recordings;
}

// Finds the first array with a number that is none, and its unit.
class FiniteVisitor final : public StateVisitor {
 public:
  void State(absl::string_view path, StateArray array) override {
    if (array.type == ElementType::kFloat32) Look<float>(path, array);
    if (array.type == ElementType::kFloat64) Look<double>(path, array);
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}

  const std::string& found() const { return found_; }

 private:
  template <class T>
  void Look(absl::string_view path, const StateArray& array) {
    if (!found_.empty()) return;
    const T* values = reinterpret_cast<const T*>(array.bytes.data());
    const size_t size = array.bytes.size() / sizeof(T);
    T sum = 0;
    for (size_t k = 0; k < size; ++k) sum += values[k] * T{0};
    if (sum == 0) return;
    for (size_t k = 0; k < size; ++k) {
      if (std::isfinite(values[k])) continue;
      found_ = absl::StrCat(path, " of unit ", k);
      return;
    }
  }

  std::string found_;
};

}  // namespace

int64_t StepsOfTick(const NetworkPlan& plan) {
  // Rough costs of a step: a unit's update, and synaptic events at 20 Hz.
  constexpr double kUnit = 3e-9, kEvent = 5e-9, kRate = 0.02;
  constexpr double kLongest = 0.4;  // [s]
  const double seconds_of_ms =
      static_cast<double>(plan.units()) * kUnit / plan.dt +
      plan.expected_synapses() * kRate * kEvent;
  double ms = 100;
  while (ms > 1 && ms * seconds_of_ms > kLongest) ms /= 10;
  return std::max<int64_t>(1, std::llround(ms / plan.dt));
}

template <class Real>
SpikingNetworkProgram<Real>::SpikingNetworkProgram(const Component& root,
                                                   uint64_t seed,
                                                   Context context)
    : constants_(ConstantsOfCircuits(root)),
      root_(WithCircuits(root)),
      plan_(PlanOf(root_)),
      steps_of_tick_(StepsOfTick(plan_)),
      highest_rate_(root.Real("highest_rate")),
      network_(plan_, seed, context.parallel),
      recorder_(plan_, RecordingsOf(root_, plan_, seed), network_),
      analyses_(root_, plan_, network_),
      spike_counts_(static_cast<int64_t>(plan_.populations.size())) {}

template <class Real>
Progress SpikingNetworkProgram<Real>::progress() const {
  const auto ticks = [&](int64_t steps) {
    return (steps + steps_of_tick_ - 1) / steps_of_tick_;
  };
  return {.tick = ticks(network_.step()),
          .total = ticks(plan_.steps),
          .finished = network_.step() == plan_.steps};
}

template <class Real>
absl::StatusOr<Progress> SpikingNetworkProgram<Real>::Advance(
    int64_t ticks, Recorder& out, std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  if (!recorder_.status().ok()) return recorder_.status();
  for (; ticks > 0 && network_.step() < plan_.steps; --ticks) {
    if (stop.stop_requested()) break;
    if (absl::Status status = Tick(out); !status.ok()) return status;
    if (network_.step() == plan_.steps) Finish(out);
  }
  return progress();
}

template <class Real>
absl::Status SpikingNetworkProgram<Real>::Tick(Recorder& out) {
  const int64_t from = network_.step();
  const int64_t end = std::min(from + steps_of_tick_, plan_.steps);
  while (network_.step() < end) {
    const int64_t before = network_.step();
    network_.Advance(
        analyses_.StepsToSample(recorder_.StepsToSample(end - before)));
    recorder_.Take(before, out);
    analyses_.Take(before);
  }
  recorder_.Tell(from, out);
  return FindExplosion(from);
}

template <class Real>
absl::Status SpikingNetworkProgram<Real>::FindExplosion(int64_t from) {
  const double seconds = MsOf(network_.step() - from) / kMsOfSecond;
  for (size_t p = 0; p < plan_.populations.size(); ++p) {
    const PlannedPopulation& population = plan_.populations[p];
    const int64_t spikes = recorder_.counts()[p];
    spike_counts_[static_cast<int64_t>(p)] += spikes;
    const double rate = static_cast<double>(spikes) /
                        (static_cast<double>(population.units) * seconds);
    if (rate > highest_rate_) {
      return absl::OutOfRangeError(absl::StrCat(
          population.name, " fires at ", rate, " Hz between ", MsOf(from),
          " and ", MsOf(network_.step()), " ms, above highest_rate = ",
          highest_rate_, " Hz: the network explodes; look at the weights onto ",
          population.name, ", at its stimuli and its inhibition"));
    }
    FiniteVisitor finite;
    network_.VisitPopulation(static_cast<int>(p), finite);
    if (finite.found().empty()) continue;
    return absl::OutOfRangeError(absl::StrCat(
        finite.found(), " is not finite at ", MsOf(network_.step()),
        " ms; look at dt = ", plan_.dt, " ms, at the weights onto ",
        population.name, " and at its stimuli"));
  }
  return absl::OkStatus();
}

template <class Real>
void SpikingNetworkProgram<Real>::Finish(Recorder& out) {
  const double seconds = MsOf(plan_.steps) / kMsOfSecond;
  for (size_t p = 0; p < plan_.populations.size(); ++p) {
    const PlannedPopulation& population = plan_.populations[p];
    out.Summary(
        absl::StrCat(population.name, ".rate"), "Hz",
        Measured::Of(
            static_cast<double>(spike_counts_[static_cast<int64_t>(p)]) /
            (static_cast<double>(population.units) * seconds)));
  }
  out.Summary("synapses", "1",
              Measured::Of(static_cast<double>(network_.synapses())));
  for (const CircuitConstant& constant : constants_) {
    out.Summary(constant.name, constant.unit, Measured::Of(constant.value));
  }
  analyses_.Run(out);
}

template <class Real>
void SpikingNetworkProgram<Real>::VisitState(StateVisitor& v) {
  network_.VisitState(v);
  v.State("spike_counts", StateOf(spike_counts_, "1"));
  analyses_.VisitState(v);
}

template class SpikingNetworkProgram<float>;
template class SpikingNetworkProgram<double>;

}  // namespace engram
