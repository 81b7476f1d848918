#include "core/programs/weight_probes.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

namespace engram {

template <class Real>
WeightProbes<Real>::WeightProbes(const NetworkPlan& plan,
                                 const std::vector<WeightRecording>& recordings,
                                 const SpikingNetwork<Real>& network)
    : plan_(plan) {
  for (const WeightRecording& recording : recordings) Add(recording, network);
}

template <class Real>
void WeightProbes<Real>::Add(const WeightRecording& recording,
                             const SpikingNetwork<Real>& network) {
  const PlannedSynapses& synapses =
      plan_.synapses[static_cast<size_t>(recording.synapses)];
  std::vector<Found> found;
  int64_t of_unit = 0;
  for (const auto& piece : network.plastic()) {
    const UnitRange& from = piece->piece().from;
    const UnitRange& to = piece->piece().to;
    const int64_t pre = recording.pre - from.offset;
    if (piece->piece().plan != &synapses || pre < 0 || pre >= from.units()) {
      continue;
    }
    const auto unit = static_cast<int32_t>(from.begin + pre);
    int64_t place = 0;
    piece->ForSynapsesOf(
        unit, network.step(), [&](int32_t, int32_t post, int64_t delay, Real) {
          const int64_t number = post - to.begin + to.offset;
          if (!recording.post || *recording.post == number) {
            found.push_back({piece.get(), unit, place, number, delay});
          }
          ++place;
        });
    of_unit += place;
  }
  const std::string missing =
      MissingSynapse(recording, synapses.name, of_unit, std::ssize(found));
  if (!missing.empty()) {
    status_.Update(absl::InvalidArgumentError(
        absl::StrCat(recording.path, ".of: ", missing)));
    return;
  }
  std::ranges::stable_sort(found, {}, [](const Found& synapse) {
    return std::pair(synapse.post, synapse.delay);
  });
  std::map<int64_t, int> of_pair;
  for (size_t k = 0; k < found.size(); ++k) {
    const int before = of_pair[found[k].post]++;
    if (recording.nth && *recording.nth != static_cast<int64_t>(k)) continue;
    const ProjectionPiece& piece = found[k].piece->piece();
    const PlannedPopulation& target =
        plan_.populations[static_cast<size_t>(piece.to.population)];
    std::string name = absl::StrCat(synapses.name, ".weight.", recording.pre,
                                    ".", found[k].post);
    if (before > 0) absl::StrAppend(&name, ".", before);
    AddSeries(
        found[k], recording.every,
        {.name = std::move(name),
         .unit =
             target.row->receptors[static_cast<size_t>(piece.receptor)].unit,
         .x = "ms",
         .x_unit = "ms"});
  }
}

template <class Real>
void WeightProbes<Real>::AddSeries(const Found& found, int64_t every,
                                   SeriesInfo series) {
  for (const Probe& probe : probes_) {
    for (const auto& [place, other] : probe.series) {
      if (other.name == series.name) return;
    }
  }
  const auto same = std::ranges::find_if(probes_, [&](const Probe& probe) {
    return probe.piece == found.piece && probe.pre == found.pre &&
           probe.every == every;
  });
  Probe& probe =
      same == probes_.end()
          ? probes_.emplace_back(Probe{found.piece, found.pre, every})
          : *same;
  probe.series.emplace_back(found.place, std::move(series));
}

template <class Real>
int64_t WeightProbes<Real>::StepsToSample(int64_t step, int64_t most) const {
  for (const Probe& probe : probes_) {
    most = std::min(most, probe.every - step % probe.every);
  }
  return most;
}

template <class Real>
void WeightProbes<Real>::Sample(int64_t step, Recorder& out) const {
  const double ms = static_cast<double>(step) * plan_.dt;
  std::vector<double> weights;
  for (const Probe& probe : probes_) {
    if (step % probe.every != 0) continue;
    weights.clear();
    probe.piece->ForSynapsesOf(probe.pre, step,
                               [&](int32_t, int32_t, int64_t, Real weight) {
                                 weights.push_back(static_cast<double>(weight));
                               });
    for (const auto& [place, series] : probe.series) {
      out.Point(series, ms, Measured::Of(weights[static_cast<size_t>(place)]));
    }
  }
}

template class WeightProbes<float>;
template class WeightProbes<double>;

}  // namespace engram
