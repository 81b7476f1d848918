#include "core/spiking/network_parts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

// Finds one array of a population's state, and gives its numbers.
template <class Real>
class FindNumbers final : public StateVisitor {
 public:
  explicit FindNumbers(std::string path) : path_(std::move(path)) {}

  void State(absl::string_view path, StateArray array) override {
    if (path != path_) return;
    ENGRAM_EXPECT(array.type == ElementTypeOf<Real>());
    found_ = reinterpret_cast<Real*>(array.bytes.data());
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}

  Real* found() const { return found_; }

 private:
  const std::string path_;
  Real* found_ = nullptr;
};

template <class Real>
class Builder {
 public:
  Builder(const NetworkPlan& plan, uint64_t seed, Parallel& parallel)
      : plan_(plan), seed_(seed), parallel_(parallel) {}

  NetworkParts<Real> Build() {
    for (const PlannedPopulation& p : plan_.populations) {
      parts_.populations.push_back(MakePopulation<Real>(
          *p.component, {.units = p.units, .dt = plan_.dt, .seed = seed_}));
    }
    for (size_t p = 0; p < plan_.populations.size(); ++p) AddRings(p);
    parts_.readers.resize(plan_.populations.size());
    for (const PlannedSynapses& s : plan_.synapses) AddPieces(s);
    parts_.drives.resize(plan_.populations.size());
    for (const PlannedStimulus& s : plan_.stimuli) AddDrives(s);
    for (const PlannedModulator& m : plan_.modulators) {
      parts_.modulators.push_back(m.row->make(
          *m.component,
          {.dt = plan_.dt, .source_units = m.of.units, .seed = seed_}));
    }
    return std::move(parts_);
  }

 private:
  void AddRings(size_t p) {
    const PlannedPopulation& population = plan_.populations[p];
    std::vector<int64_t> slots(population.row->receptors.size(), 1);
    for (const PlannedSynapses& s : plan_.synapses) {
      for (size_t r = 0; r < s.to.ranges.size(); ++r) {
        if (s.to.ranges[r].population != static_cast<int>(p)) continue;
        if (s.IsAddedAtOnce(plan_, r)) continue;
        int64_t& longest = slots[static_cast<size_t>(s.receptors[r])];
        longest = std::max(longest, s.delay.highest);
      }
    }
    std::vector<InputRing<Real>> rings;
    for (const int64_t n : slots) rings.emplace_back(population.units, n);
    parts_.rings.push_back(std::move(rings));
  }

  void AddPieces(const PlannedSynapses& s) {
    int number = 0;
    for (const UnitRange& from : s.from.ranges) {
      for (size_t r = 0; r < s.to.ranges.size(); ++r) {
        const UnitRange& to = s.to.ranges[r];
        AddPiece({.plan = &s,
                  .from = from,
                  .to = to,
                  .number = number++,
                  .receptor = s.receptors[r],
                  .target_units = PopulationOf(to).units,
                  .shards = plan_.shards,
                  .is_added_at_once = s.IsAddedAtOnce(plan_, r),
                  .dt = plan_.dt,
                  .seed = seed_});
      }
    }
  }

  void AddPiece(const ProjectionPiece& piece) {
    InputRing<Real>& ring = Ring(piece.to, piece.receptor);
    if (piece.is_added_at_once) {
      parts_.projections.emplace_back(piece, ring, SumsOf(piece), parallel_);
      return;
    }
    ring.is_used = true;
    if (piece.plan->is_plastic) {
      AddPlastic(piece, ring);
    } else {
      parts_.projections.emplace_back(piece, ring, nullptr, parallel_);
    }
  }

  void AddPlastic(const ProjectionPiece& piece, InputRing<Real>& ring) {
    const bool reads = ReadsPotentials(piece.plan->component->Slot("rule"));
    parts_.plastic.push_back(MakePlasticProjection<Real>(
        piece, ring, plan_.min_delay,
        reads ? NumbersOf(piece.to, kPotential) : nullptr, parallel_));
    if (!reads) return;
    parts_.readers[static_cast<size_t>(piece.to.population)].push_back(
        parts_.plastic.back().get());
  }

  // The array of the target's state to which the receptor's inputs are added.
  Real* SumsOf(const ProjectionPiece& piece) {
    const Receptor& receptor =
        PopulationOf(piece.to)
            .row->receptors[static_cast<size_t>(piece.receptor)];
    return NumbersOf(piece.to, receptor.adds_to);
  }

  // An array of a population's state, of all its units.
  Real* NumbersOf(const UnitRange& units, const std::string& array) {
    const std::string& name = PopulationOf(units).name;
    FindNumbers<Real> find(absl::StrCat(name, ".", array));
    parts_.populations[static_cast<size_t>(units.population)]->VisitState(name,
                                                                          find);
    ENGRAM_EXPECT(find.found() != nullptr);
    return find.found();
  }

  void AddDrives(const PlannedStimulus& s) {
    for (size_t r = 0; r < s.to.ranges.size(); ++r) {
      const UnitRange& to = s.to.ranges[r];
      Ring(to, s.receptors[r]).is_used = true;
      parts_.drives[static_cast<size_t>(to.population)].push_back(
          {MakeStimulus<Real>(*s.component, {.first = to.offset,
                                             .units = to.units(),
                                             .all = s.to.units,
                                             .dt = plan_.dt,
                                             .seed = seed_}),
           s.receptors[r], to.begin, to.end});
    }
  }

  const PlannedPopulation& PopulationOf(const UnitRange& range) const {
    return plan_.populations[static_cast<size_t>(range.population)];
  }
  InputRing<Real>& Ring(const UnitRange& to, int receptor) {
    return parts_.rings[static_cast<size_t>(to.population)]
                       [static_cast<size_t>(receptor)];
  }

  const NetworkPlan& plan_;
  const uint64_t seed_;
  Parallel& parallel_;
  NetworkParts<Real> parts_;
};

}  // namespace

template <class Real>
NetworkParts<Real> BuildNetwork(const NetworkPlan& plan, uint64_t seed,
                                Parallel& parallel) {
  return Builder<Real>(plan, seed, parallel).Build();
}

template NetworkParts<float> BuildNetwork(const NetworkPlan&, uint64_t,
                                          Parallel&);
template NetworkParts<double> BuildNetwork(const NetworkPlan&, uint64_t,
                                           Parallel&);

}  // namespace engram
