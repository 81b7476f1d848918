#include "core/spiking/network.h"

#include <algorithm>

namespace engram {

template <class Real>
SpikingNetwork<Real>::SpikingNetwork(const NetworkPlan& plan, uint64_t seed,
                                     Parallel& parallel)
    : plan_(plan),
      parallel_(parallel),
      parts_(BuildNetwork<Real>(plan, seed, parallel)),
      modulator_values_(static_cast<size_t>(plan.min_delay)),
      shards_(static_cast<size_t>(plan.shards)),
      logs_(plan.populations.size()),
      step_(1) {
  const size_t populations = plan.populations.size();
  for (size_t p = 0; p < populations; ++p) {
    underway_.emplace_back(plan.StepsUnderway(static_cast<int>(p)));
  }
  for (Shard& shard : shards_) {
    shard.spikes.resize(populations);
    shard.ends.resize(populations);
    shard.used.resize(populations);
    shard.inputs.resize(8);
    for (size_t p = 0; p < populations; ++p) {
      shard.spikes[p].resize(static_cast<size_t>(
          2 * ShardSize(plan.populations[p].units, plan.shards)));
      shard.ends[p].resize(static_cast<size_t>(plan.min_delay));
    }
  }
}

template <class Real>
void SpikingNetwork<Real>::Advance(int64_t steps) {
  FollowRestored();
  Forget();
  const int64_t end = step() + steps;
  while (step() < end) {
    const int64_t stretch = plan_.min_delay - step() % plan_.min_delay;
    Stretch(std::min(stretch, end - step()));
  }
  parallel_.ForBlocks(plan_.shards, 1, [&](int64_t shard, int64_t) {
    Deliver(static_cast<int>(shard), delivered_, step());
  });
  delivered_ = step();
}

template <class Real>
void SpikingNetwork<Real>::Stretch(int64_t steps) {
  const int64_t from = step(), to = from + steps;
  if (IsStretch(from)) Modulate(from);
  parallel_.ForBlocks(plan_.shards, 1, [&](int64_t shard, int64_t) {
    Deliver(static_cast<int>(shard), delivered_, from);
    AdvanceShard(static_cast<int>(shard), from, to);
  });
  delivered_ = from;
  MergeSpikes(from, to);
  step_[0] = to;
}

// Step by step, so that the order of sums does not depend on how time is cut.
template <class Real>
void SpikingNetwork<Real>::Deliver(int shard, int64_t from, int64_t to) {
  for (int64_t step = from; step < to; ++step) {
    for (Projection<Real>& projection : parts_.projections) {
      if (projection.piece().is_added_at_once) continue;
      const SpikeLog& log = spikes(projection.population());
      projection.Deliver(shard, step, log.At(step));
    }
    for (const auto& plastic : parts_.plastic) plastic->Deliver(shard, step);
  }
}

template <class Real>
void SpikingNetwork<Real>::AdvanceShard(int shard, int64_t from, int64_t to) {
  Shard& own = shards_[static_cast<size_t>(shard)];
  std::ranges::fill(own.used, 0);
  if (IsStretch(from)) {
    for (const auto& plastic : parts_.plastic) plastic->Settle(shard, from);
  }
  for (int64_t step = from; step < to; ++step) {
    for (const auto& plastic : parts_.plastic) plastic->Arrive(shard, step);
    for (size_t p = 0; p < parts_.populations.size(); ++p) {
      StepUnits(shard, static_cast<int>(p), step);
      own.ends[p][static_cast<size_t>(step - from)] = own.used[p];
      ForArriving(p, step, [&](const Projection<Real>& projection, auto fired) {
        projection.Add(shard, fired);
      });
      for (PlasticProjection<Real>* reader : parts_.readers[p]) {
        reader->SeePotentials(shard, step);
      }
    }
  }
}

template <class Real>
template <class Visit>
void SpikingNetwork<Real>::ForArriving(size_t population, int64_t step,
                                       Visit visit) const {
  for (const Projection<Real>& projection : parts_.projections) {
    const ProjectionPiece& piece = projection.piece();
    if (!piece.is_added_at_once) continue;
    if (piece.to.population != static_cast<int>(population)) continue;
    const int64_t sent = step - piece.plan->delay.lowest;
    if (sent < 0) continue;
    const std::span<const int32_t> fired =
        spikes(projection.population()).At(sent);
    if (!fired.empty()) visit(projection, fired);
  }
}

template <class Real>
void SpikingNetwork<Real>::StepUnits(int shard, int population, int64_t step) {
  const size_t p = static_cast<size_t>(population);
  const ShardUnits units =
      UnitsOfShard(plan_.populations[p].units, plan_.shards, shard);
  const int64_t count = units.end - units.begin;
  if (count == 0) return;
  Shard& own = shards_[static_cast<size_t>(shard)];
  std::vector<int32_t>& spikes = own.spikes[p];
  if (static_cast<int64_t>(spikes.size()) < own.used[p] + count) {
    spikes.resize(2 * spikes.size());
  }
  AddStimuli(population, units, step);
  const size_t receptors = parts_.rings[p].size();
  for (size_t r = 0; r < receptors; ++r) {
    InputRing<Real>& ring = parts_.rings[p][r];
    own.inputs[r] = ring.is_used ? ring.Slot(step) + units.begin : nullptr;
  }
  const int64_t fired = parts_.populations[p]->Step(
      step, units.begin, units.end, std::span(own.inputs).first(receptors),
      spikes.data() + own.used[p]);
  for (const auto& plastic : parts_.plastic) {
    if (plastic->piece().to.population != population) continue;
    plastic->Fire(shard, step,
                  {spikes.data() + own.used[p], static_cast<size_t>(fired)});
  }
  own.used[p] += fired;
  for (InputRing<Real>& ring : parts_.rings[p]) {
    if (!ring.is_used) continue;
    std::fill_n(ring.Slot(step) + units.begin, count, Real{0});
  }
}

template <class Real>
void SpikingNetwork<Real>::AddStimuli(int population, ShardUnits units,
                                      int64_t step) {
  for (DrivenReceptor<Real>& drive :
       parts_.drives[static_cast<size_t>(population)]) {
    const int64_t begin = std::max(units.begin, drive.begin);
    const int64_t end = std::min(units.end, drive.end);
    if (begin >= end) continue;
    InputRing<Real>& ring = parts_.rings[static_cast<size_t>(population)]
                                        [static_cast<size_t>(drive.receptor)];
    drive.stimulus->Add(step, begin - drive.begin, end - drive.begin,
                        ring.Slot(step) + begin);
  }
}

template <class Real>
void SpikingNetwork<Real>::MergeSpikes(int64_t from, int64_t to) {
  for (size_t p = 0; p < parts_.populations.size(); ++p) {
    for (int64_t step = from; step < to; ++step) {
      const size_t k = static_cast<size_t>(step - from);
      for (const Shard& shard : shards_) {
        const int64_t begin = k == 0 ? 0 : shard.ends[p][k - 1];
        logs_[p].Add({shard.spikes[p].data() + begin,
                      shard.spikes[p].data() + shard.ends[p][k]});
      }
      logs_[p].CloseStep();
    }
  }
  for (int64_t step = from; step < to; ++step) AddSpikes(step);
}

template <class Real>
void SpikingNetwork<Real>::AddSpikes(int64_t step) {
  const auto fired = [&](int population) {
    return spikes(population).At(step);
  };
  for (Projection<Real>& projection : parts_.projections) {
    projection.AddSpikes(step, fired(projection.population()));
  }
  for (const auto& plastic : parts_.plastic) {
    plastic->AddSpikes(step, fired(plastic->piece().from.population));
  }
  for (size_t m = 0; m < parts_.modulators.size(); ++m) {
    int64_t heard = 0;
    for (const UnitRange& range : plan_.modulators[m].of.ranges) {
      for (const int32_t unit : fired(range.population)) {
        heard += unit >= range.begin && unit < range.end ? 1 : 0;
      }
    }
    parts_.modulators[m]->Listen(step, heard);
  }
}

template <class Real>
void SpikingNetwork<Real>::Modulate(int64_t step) {
  for (size_t m = 0; m < parts_.modulators.size(); ++m) {
    parts_.modulators[m]->Fill(step, modulator_values_);
    for (const auto& plastic : parts_.plastic) {
      if (plastic->piece().plan->modulator != static_cast<int>(m)) continue;
      plastic->AddModulator(step, modulator_values_);
    }
  }
}

template <class Real>
void SpikingNetwork<Real>::Forget() {
  for (size_t p = 0; p < logs_.size(); ++p) {
    logs_[p].Forget(step() - underway_[p].steps());
  }
  for (Projection<Real>& projection : parts_.projections) {
    projection.Forget(step());
  }
  for (const auto& plastic : parts_.plastic) plastic->Forget(step());
}

template <class Real>
int64_t SpikingNetwork<Real>::synapses() const {
  int64_t all = 0;
  for (const Projection<Real>& projection : parts_.projections) {
    all += projection.synapses();
  }
  for (const auto& plastic : parts_.plastic) all += plastic->synapses();
  return all;
}

template class SpikingNetwork<float>;
template class SpikingNetwork<double>;

}  // namespace engram
