// What of a network is saved, and under which names.

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/network.h"

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
void SpikingNetwork<Real>::VisitPopulation(int number, StateVisitor& v) {
  population(number).VisitState(
      plan_.populations[static_cast<size_t>(number)].name, v);
}

template <class Real>
void SpikingNetwork<Real>::VisitState(StateVisitor& v) {
  // Another visitor may have restored what this one reads.
  FollowRestored();
  v.State("step", StateOf(step_, "1"));
  for (size_t p = 0; p < parts_.populations.size(); ++p) {
    const PlannedPopulation& planned = plan_.populations[p];
    VisitPopulation(static_cast<int>(p), v);
    for (size_t r = 0; r < parts_.rings[p].size(); ++r) {
      v.State(
          RingPath(planned, static_cast<int>(r)),
          StateOf(parts_.rings[p][r].array(), planned.row->receptors[r].unit));
    }
    if (underway_[p].steps() == 0) continue;
    underway_[p].CopyFrom(logs_[p]);
    underway_[p].VisitState(planned.name, v);
  }
  for (Projection<Real>& projection : parts_.projections) {
    if (projection.short_term() == nullptr) continue;
    projection.short_term()->VisitState(PathOf(projection.piece()), v);
  }
  for (const auto& plastic : parts_.plastic) {
    // What has been seen is no state: when it was dropped depends on how time
    // was cut.
    plastic->Forget(step());
    plastic->VisitState(PathOf(plastic->piece()), v);
  }
  for (size_t m = 0; m < parts_.modulators.size(); ++m) {
    parts_.modulators[m]->VisitState(plan_.modulators[m].name, v);
  }
  // It may have been a visitor that restores, and may still write.
  was_visited_ = true;
}

template <class Real>
void SpikingNetwork<Real>::FollowRestored() {
  if (!was_visited_) return;
  was_visited_ = false;
  delivered_ = step();
  for (size_t p = 0; p < logs_.size(); ++p) {
    if (underway_[p].IsIn(logs_[p], step())) continue;
    underway_[p].CopyTo(logs_[p], step());
  }
  for (const auto& plastic : parts_.plastic) plastic->FollowRestored();
}

template void SpikingNetwork<float>::VisitPopulation(int, StateVisitor&);
template void SpikingNetwork<double>::VisitPopulation(int, StateVisitor&);
template void SpikingNetwork<float>::VisitState(StateVisitor&);
template void SpikingNetwork<double>::VisitState(StateVisitor&);
template void SpikingNetwork<float>::FollowRestored();
template void SpikingNetwork<double>::FollowRestored();

std::vector<std::string> ArraysOfNetwork(const NetworkPlan& plan) {
  std::vector<std::string> arrays = {"step"};
  for (size_t p = 0; p < plan.populations.size(); ++p) {
    const PlannedPopulation& population = plan.populations[p];
    for (const std::string& name : population.row->arrays) {
      arrays.push_back(absl::StrCat(population.name, ".", name));
    }
    for (size_t r = 0; r < population.row->receptors.size(); ++r) {
      arrays.push_back(RingPath(population, static_cast<int>(r)));
    }
    if (plan.StepsUnderway(static_cast<int>(p)) == 0) continue;
    for (const std::string& name : SpikesUnderway::Arrays()) {
      arrays.push_back(absl::StrCat(population.name, ".", name));
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

}  // namespace engram
