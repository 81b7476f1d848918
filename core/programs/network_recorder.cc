#include "core/programs/network_recorder.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Finds one array of a population's state.
class FindArray final : public StateVisitor {
 public:
  explicit FindArray(std::string path) : path_(std::move(path)) {}

  void State(absl::string_view path, StateArray array) override {
    if (path == path_) found_ = std::move(array);
  }
  void Fixed(absl::string_view path, StateArray array) override {
    State(path, std::move(array));
  }
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}

  const StateArray& found() const { return found_; }

 private:
  const std::string path_;
  StateArray found_;
};

template <class T>
double ValueAs(const std::byte* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(value));
  return static_cast<double>(value);
}

double ValueOf(ElementType type, const std::byte* bytes) {
  switch (type) {
    case ElementType::kFloat32:
      return ValueAs<float>(bytes);
    case ElementType::kFloat64:
      return ValueAs<double>(bytes);
    case ElementType::kInt32:
      return ValueAs<int32_t>(bytes);
    case ElementType::kInt64:
      return ValueAs<int64_t>(bytes);
    case ElementType::kUint8:
      return ValueAs<uint8_t>(bytes);
  }
  ENGRAM_EXPECT(false && "no such type");
}

}  // namespace

template <class Real>
NetworkRecorder<Real>::NetworkRecorder(const NetworkPlan& plan,
                                       RecordingPlan recordings,
                                       SpikingNetwork<Real>& network)
    : plan_(plan),
      recordings_(std::move(recordings)),
      network_(network),
      weights_(plan, recordings_.weights, network),
      counts_(plan.populations.size()) {
  for (const PlannedPopulation& population : plan_.populations) {
    gathered_.push_back(
        {.info = {population.name, population.units, plan_.dt}});
  }
  for (const StateRecording& recording : recordings_.states) {
    AddProbes(recording);
  }
}

template <class Real>
void NetworkRecorder<Real>::AddProbes(const StateRecording& recording) {
  const std::string path = absl::StrCat(
      plan_.populations[static_cast<size_t>(recording.population)].name, ".",
      recording.array);
  FindArray find(path);
  network_.VisitPopulation(recording.population, find);
  const ElementType type = find.found().type;
  const auto size = static_cast<size_t>(ElementSize(type));
  const std::span<std::byte> bytes = find.found().bytes;
  for (const int32_t unit : recording.units) {
    const auto at = static_cast<size_t>(unit) * size;
    ENGRAM_EXPECT(at + size <= bytes.size());
    probes_.push_back({.series = {.name = absl::StrCat(path, ".", unit),
                                  .unit = find.found().unit,
                                  .x = "ms",
                                  .x_unit = "ms"},
                       .type = type,
                       .value = bytes.data() + at,
                       .every = recording.every});
  }
}

template <class Real>
int64_t NetworkRecorder<Real>::StepsToSample(int64_t most) const {
  for (const StateRecording& recording : recordings_.states) {
    most = std::min(most, recording.every - network_.step() % recording.every);
  }
  return weights_.StepsToSample(network_.step(), most);
}

template <class Real>
void NetworkRecorder<Real>::Take(int64_t from, Recorder& out) {
  for (size_t p = 0; p < gathered_.size(); ++p) {
    Gathered& to = gathered_[p];
    const SpikeLog& log = network_.spikes(static_cast<int>(p));
    const RecordedUnits& recorded = recordings_.spikes[p];
    for (int64_t step = from; step < network_.step(); ++step) {
      for (const int32_t unit : log.At(step)) {
        to.steps.push_back(step);
        to.units.push_back(unit);
        if (recorded.all || !recorded.any() || !recorded.Has(unit)) continue;
        to.recorded_steps.push_back(step);
        to.recorded_units.push_back(unit);
      }
    }
  }
  Sample(out);
}

template <class Real>
void NetworkRecorder<Real>::Sample(Recorder& out) const {
  const int64_t step = network_.step();
  const double ms = static_cast<double>(step) * plan_.dt;
  for (const Probe& probe : probes_) {
    if (step % probe.every != 0) continue;
    out.Point(probe.series, ms, Measured::Of(ValueOf(probe.type, probe.value)));
  }
  weights_.Sample(step, out);
}

template <class Real>
void NetworkRecorder<Real>::Tell(int64_t from, Recorder& out) {
  for (size_t p = 0; p < gathered_.size(); ++p) {
    Gathered& g = gathered_[p];
    counts_[p] = std::ssize(g.steps);
    out.Activity(g.info, from, network_.step(), g.steps, g.units);
    const bool all = recordings_.spikes[p].all;
    const auto& steps = all ? g.steps : g.recorded_steps;
    const auto& units = all ? g.units : g.recorded_units;
    if (!steps.empty()) out.Spikes(g.info, steps, units);
    g.steps.clear();
    g.units.clear();
    g.recorded_steps.clear();
    g.recorded_units.clear();
  }
}

template class NetworkRecorder<float>;
template class NetworkRecorder<double>;

}  // namespace engram
