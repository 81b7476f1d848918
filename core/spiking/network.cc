#include "core/spiking/network.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

std::string RingPath(const PlannedPopulation& population, int receptor) {
  return absl::StrCat(
      population.name, ".input_",
      population.row->receptors[static_cast<size_t>(receptor)].name);
}

// A piece goes by its projection's name, and by its number in it where a group
// cuts it into several.
std::string PathOfPiece(const PlannedSynapses& s, int number) {
  if (s.from.ranges.size() * s.to.ranges.size() == 1) return s.name;
  return absl::StrCat(s.name, ".piece_", number);
}

std::string PathOf(const ProjectionPiece& piece) {
  return PathOfPiece(*piece.plan, piece.number);
}

}  // namespace

template <class Real>
SpikingNetwork<Real>::SpikingNetwork(const NetworkPlan& plan, uint64_t seed,
                                     Parallel& parallel)
    : plan_(plan),
      parallel_(parallel),
      shards_(static_cast<size_t>(plan.shards)),
      logs_(plan.populations.size()),
      step_(1) {
  BuildPopulations(seed);
  BuildRings();
  BuildProjections(seed);
  BuildStimuli(seed);
  BuildModulators(seed);
  for (Shard& shard : shards_) {
    shard.spikes.resize(populations_.size());
    shard.ends.resize(populations_.size());
    shard.used.resize(populations_.size());
    shard.inputs.resize(8);
    for (size_t p = 0; p < populations_.size(); ++p) {
      shard.spikes[p].resize(static_cast<size_t>(
          2 * ShardSize(plan.populations[p].units, plan.shards)));
      shard.ends[p].resize(static_cast<size_t>(plan.min_delay));
    }
  }
}

template <class Real>
void SpikingNetwork<Real>::BuildPopulations(uint64_t seed) {
  for (const PlannedPopulation& p : plan_.populations) {
    populations_.push_back(MakePopulation<Real>(
        *p.component, {.units = p.units, .dt = plan_.dt, .seed = seed}));
  }
}

template <class Real>
void SpikingNetwork<Real>::BuildRings() {
  for (size_t p = 0; p < plan_.populations.size(); ++p) {
    std::vector<int64_t> slots(plan_.populations[p].row->receptors.size(), 1);
    for (const PlannedSynapses& s : plan_.synapses) {
      for (size_t r = 0; r < s.to.ranges.size(); ++r) {
        if (s.to.ranges[r].population != static_cast<int>(p)) continue;
        int64_t& longest = slots[static_cast<size_t>(s.receptors[r])];
        longest = std::max(longest, s.delay.highest);
      }
    }
    std::vector<InputRing<Real>> rings;
    for (const int64_t n : slots) {
      rings.emplace_back(plan_.populations[p].units, n);
    }
    rings_.push_back(std::move(rings));
  }
}

template <class Real>
void SpikingNetwork<Real>::BuildProjections(uint64_t seed) {
  for (const PlannedSynapses& s : plan_.synapses) {
    int number = 0;
    for (const UnitRange& from : s.from.ranges) {
      for (size_t r = 0; r < s.to.ranges.size(); ++r) {
        const UnitRange& to = s.to.ranges[r];
        const ProjectionPiece piece{
            .plan = &s,
            .from = from,
            .to = to,
            .number = number++,
            .receptor = s.receptors[r],
            .target_units =
                plan_.populations[static_cast<size_t>(to.population)].units,
            .shards = plan_.shards,
            .dt = plan_.dt,
            .seed = seed};
        InputRing<Real>& ring = Ring(to.population, s.receptors[r]);
        ring.is_used = true;
        if (s.is_plastic) {
          plastic_.push_back(MakePlasticProjection<Real>(
              piece, ring, plan_.min_delay, parallel_));
        } else {
          projections_.emplace_back(piece, ring, parallel_);
        }
      }
    }
  }
}

template <class Real>
void SpikingNetwork<Real>::BuildStimuli(uint64_t seed) {
  drives_.resize(populations_.size());
  for (const PlannedStimulus& s : plan_.stimuli) {
    for (size_t r = 0; r < s.to.ranges.size(); ++r) {
      const UnitRange& to = s.to.ranges[r];
      Ring(to.population, s.receptors[r]).is_used = true;
      drives_[static_cast<size_t>(to.population)].push_back(
          {MakeStimulus<Real>(*s.component, {.first = to.offset,
                                             .units = to.units(),
                                             .all = s.to.units,
                                             .dt = plan_.dt,
                                             .seed = seed}),
           s.receptors[r], to.begin, to.end});
    }
  }
}

template <class Real>
void SpikingNetwork<Real>::BuildModulators(uint64_t seed) {
  modulator_values_.resize(static_cast<size_t>(plan_.min_delay));
  for (const PlannedModulator& m : plan_.modulators) {
    modulators_.push_back(m.row->make(
        *m.component,
        {.dt = plan_.dt, .source_units = m.of.units, .seed = seed}));
  }
}

template <class Real>
void SpikingNetwork<Real>::Advance(int64_t steps) {
  FollowRestored();
  for (SpikeLog& log : logs_) log.Forget(step());
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
    for (Projection<Real>& projection : projections_) {
      const SpikeLog& log = spikes(projection.population());
      projection.Deliver(shard, step, log.At(step));
    }
    for (const auto& plastic : plastic_) plastic->Deliver(shard, step);
  }
}

template <class Real>
void SpikingNetwork<Real>::AdvanceShard(int shard, int64_t from, int64_t to) {
  Shard& own = shards_[static_cast<size_t>(shard)];
  std::ranges::fill(own.used, 0);
  if (IsStretch(from)) {
    for (const auto& plastic : plastic_) plastic->Settle(shard, from);
  }
  for (int64_t step = from; step < to; ++step) {
    for (const auto& plastic : plastic_) plastic->Arrive(shard, step);
    for (size_t p = 0; p < populations_.size(); ++p) {
      StepUnits(shard, static_cast<int>(p), step);
      own.ends[p][static_cast<size_t>(step - from)] = own.used[p];
    }
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
  const size_t receptors = rings_[p].size();
  for (size_t r = 0; r < receptors; ++r) {
    InputRing<Real>& ring = rings_[p][r];
    own.inputs[r] = ring.is_used ? ring.Slot(step) + units.begin : nullptr;
  }
  const int64_t fired = populations_[p]->Step(
      step, units.begin, units.end, std::span(own.inputs).first(receptors),
      spikes.data() + own.used[p]);
  for (const auto& plastic : plastic_) {
    if (plastic->piece().to.population != population) continue;
    plastic->Fire(shard, step,
                  {spikes.data() + own.used[p], static_cast<size_t>(fired)});
  }
  own.used[p] += fired;
  for (InputRing<Real>& ring : rings_[p]) {
    if (!ring.is_used) continue;
    std::fill_n(ring.Slot(step) + units.begin, count, Real{0});
  }
}

template <class Real>
void SpikingNetwork<Real>::AddStimuli(int population, ShardUnits units,
                                      int64_t step) {
  for (Drive& drive : drives_[static_cast<size_t>(population)]) {
    const int64_t begin = std::max(units.begin, drive.begin);
    const int64_t end = std::min(units.end, drive.end);
    if (begin >= end) continue;
    drive.stimulus->Add(step, begin - drive.begin, end - drive.begin,
                        Ring(population, drive.receptor).Slot(step) + begin);
  }
}

template <class Real>
void SpikingNetwork<Real>::MergeSpikes(int64_t from, int64_t to) {
  for (size_t p = 0; p < populations_.size(); ++p) {
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
  for (Projection<Real>& projection : projections_) {
    projection.AddSpikes(step, fired(projection.population()));
  }
  for (const auto& plastic : plastic_) {
    plastic->AddSpikes(step, fired(plastic->piece().from.population));
  }
  for (size_t m = 0; m < modulators_.size(); ++m) {
    int64_t heard = 0;
    for (const UnitRange& range : plan_.modulators[m].of.ranges) {
      for (const int32_t unit : fired(range.population)) {
        heard += unit >= range.begin && unit < range.end ? 1 : 0;
      }
    }
    modulators_[m]->Listen(step, heard);
  }
}

template <class Real>
void SpikingNetwork<Real>::Modulate(int64_t step) {
  for (size_t m = 0; m < modulators_.size(); ++m) {
    modulators_[m]->Fill(step, modulator_values_);
    for (const auto& plastic : plastic_) {
      if (plastic->piece().plan->modulator != static_cast<int>(m)) continue;
      plastic->AddModulator(step, modulator_values_);
    }
  }
}

template <class Real>
void SpikingNetwork<Real>::Forget() {
  for (Projection<Real>& projection : projections_) projection.Forget(step());
  for (const auto& plastic : plastic_) plastic->Forget(step());
}

template <class Real>
int64_t SpikingNetwork<Real>::synapses() const {
  int64_t all = 0;
  for (const Projection<Real>& projection : projections_) {
    all += projection.synapses();
  }
  for (const auto& plastic : plastic_) all += plastic->synapses();
  return all;
}

template <class Real>
void SpikingNetwork<Real>::VisitPopulation(int number, StateVisitor& v) {
  population(number).VisitState(
      plan_.populations[static_cast<size_t>(number)].name, v);
}

template <class Real>
void SpikingNetwork<Real>::VisitState(StateVisitor& v) {
  v.State("step", StateOf(step_, "1"));
  for (size_t p = 0; p < populations_.size(); ++p) {
    VisitPopulation(static_cast<int>(p), v);
    for (size_t r = 0; r < rings_[p].size(); ++r) {
      v.State(RingPath(plan_.populations[p], static_cast<int>(r)),
              StateOf(rings_[p][r].array(),
                      plan_.populations[p].row->receptors[r].unit));
    }
  }
  for (size_t k = 0; k < projections_.size(); ++k) {
    if (projections_[k].short_term() == nullptr) continue;
    projections_[k].short_term()->VisitState(PathOf(projections_[k].piece()),
                                             v);
  }
  for (const auto& plastic : plastic_) {
    plastic->VisitState(PathOf(plastic->piece()), v);
  }
  for (size_t m = 0; m < modulators_.size(); ++m) {
    modulators_[m]->VisitState(plan_.modulators[m].name, v);
  }
  // It may have been a visitor that restores, and may still write.
  was_visited_ = true;
}

template <class Real>
void SpikingNetwork<Real>::FollowRestored() {
  if (!was_visited_) return;
  was_visited_ = false;
  delivered_ = step();
  for (SpikeLog& log : logs_) {
    if (log.end_step() != step()) log.Restart(step());
  }
  for (const auto& plastic : plastic_) plastic->FollowRestored();
}

std::vector<std::string> ArraysOfNetwork(const NetworkPlan& plan) {
  std::vector<std::string> arrays = {"step"};
  for (const PlannedPopulation& p : plan.populations) {
    for (const std::string& name : p.row->arrays) {
      arrays.push_back(absl::StrCat(p.name, ".", name));
    }
    for (size_t r = 0; r < p.row->receptors.size(); ++r) {
      arrays.push_back(RingPath(p, static_cast<int>(r)));
    }
  }
  const auto add_pieces = [&](const PlannedSynapses& s,
                              const std::vector<std::string>& names) {
    const size_t pieces = s.from.ranges.size() * s.to.ranges.size();
    for (size_t k = 0; k < pieces; ++k) {
      for (const std::string& name : names) {
        arrays.push_back(
            absl::StrCat(PathOfPiece(s, static_cast<int>(k)), ".", name));
      }
    }
  };
  for (const PlannedSynapses& s : plan.synapses) {
    if (s.component->Find("short_term") != nullptr) {
      add_pieces(s, {"u", "x", "last_spike"});
    }
    if (!s.is_plastic) continue;
    add_pieces(s, ArraysOfPlasticProjection(*s.component, plan.shards));
  }
  for (const PlannedModulator& m : plan.modulators) {
    for (const std::string& name : m.row->arrays) {
      arrays.push_back(absl::StrCat(m.name, ".", name));
    }
  }
  return arrays;
}

template class SpikingNetwork<float>;
template class SpikingNetwork<double>;

}  // namespace engram
