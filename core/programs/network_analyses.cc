#include "core/programs/network_analyses.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/analyses/spiking/network_analysis.h"
#include "core/base/contract.h"

namespace engram {
namespace {

constexpr char kPotentials[] = "potential_synchrony";

const std::string& NameOf(const Component& analysis) {
  return analysis.name.empty() ? analysis.type : analysis.name;
}

// Finds one array of a population's state.
template <class Real>
class FindArray final : public StateVisitor {
 public:
  explicit FindArray(std::string path) : path_(std::move(path)) {}
  void State(absl::string_view path, StateArray array) override {
    if (path != path_) return;
    found_ = {reinterpret_cast<const Real*>(array.bytes.data()),
              array.bytes.size() / sizeof(Real)};
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}
  std::span<const Real> found() const { return found_; }

 private:
  const std::string path_;
  std::span<const Real> found_;
};

void CheckPotentials(const Component& analysis, const Component& root,
                     const NetworkPlan& plan, Faults& faults) {
  const auto units = SelectUnits(root, analysis.Get("of"));
  if (!units.ok()) return;  // told by the analysis' own check
  for (const UnitRange& range : units->ranges) {
    const PlannedPopulation& p =
        plan.populations[static_cast<size_t>(range.population)];
    const std::vector<std::string>& arrays = p.row->arrays;
    if (std::ranges::find(arrays, "v") != arrays.end()) continue;
    faults.push_back({0, absl::StrCat(analysis.path, ".of"),
                      absl::StrCat(p.name, ", a ", p.row->spec.type,
                                   ", has no potential v; select others")});
  }
}

}  // namespace

template <class Real>
NetworkAnalyses<Real>::NetworkAnalyses(const Component& root,
                                       const NetworkPlan& plan,
                                       SpikingNetwork<Real>& network)
    : root_(root),
      plan_(plan),
      network_(network),
      stores_(root.Slots("analyses").empty() ? 0 : plan.populations.size()) {
  for (const Component& component : root.Slots("analyses")) {
    if (component.type == kPotentials) AddPotentials(component, root);
  }
}

template <class Real>
void NetworkAnalyses<Real>::AddPotentials(const Component& component,
                                          const Component& root) {
  const auto units = SelectUnits(root, component.Get("of"));
  ENGRAM_EXPECT(units.ok());
  const auto steps_of = [&](const char* name) {
    return std::llround(component.Real(name) / plan_.dt);
  };
  Potentials potentials{.component = &component,
                        .start = steps_of("start"),
                        .every = std::max<int64_t>(1, steps_of("every")),
                        .parts = {},
                        .sample = {},
                        .chi = GolombChi(units->units)};
  potentials.sample.resize(static_cast<size_t>(units->units));
  for (const UnitRange& range : units->ranges) {
    const size_t p = static_cast<size_t>(range.population);
    FindArray<Real> find(absl::StrCat(plan_.populations[p].name, ".v"));
    network_.VisitPopulation(range.population, find);
    ENGRAM_EXPECT(std::ssize(find.found()) >= range.end);
    potentials.parts.push_back(find.found().subspan(
        static_cast<size_t>(range.begin), static_cast<size_t>(range.units())));
  }
  potentials_.push_back(std::move(potentials));
}

template <class Real>
int64_t NetworkAnalyses<Real>::StepsToSample(int64_t most) const {
  for (const Potentials& p : potentials_) {
    most = std::min(most, p.every - network_.step() % p.every);
  }
  return most;
}

template <class Real>
void NetworkAnalyses<Real>::Take(int64_t from) {
  for (size_t p = 0; p < stores_.size(); ++p) {
    const SpikeLog& log = network_.spikes(static_cast<int>(p));
    steps_.clear();
    units_.clear();
    for (int64_t step = from; step < network_.step(); ++step) {
      const std::span<const int32_t> fired = log.At(step);
      steps_.insert(steps_.end(), fired.size(), step);
      units_.insert(units_.end(), fired.begin(), fired.end());
    }
    stores_[p].Add(steps_, units_);
  }
  for (Potentials& p : potentials_) {
    if (network_.step() % p.every != 0 || network_.step() <= p.start) continue;
    auto to = p.sample.begin();
    for (const std::span<const Real> part : p.parts) {
      to = std::ranges::copy(part, to).out;
    }
    p.chi.template Add<Real>(p.sample);
  }
}

template <class Real>
void NetworkAnalyses<Real>::Run(Recorder& out) const {
  const NetworkActivity activity{
      .root = root_, .spikes = stores_, .dt = plan_.dt, .steps = plan_.steps};
  for (const Component& component : root_.Slots("analyses")) {
    if (component.type == kPotentials) continue;
    AnalysisOutput output(component, out);
    MakeNetworkAnalysis(component)->Run(activity, output);
  }
  for (const Potentials& p : potentials_) {
    AnalysisOutput output(*p.component, out);
    output.Summary("chi", "1",
                   MeasuredOr(p.chi.chi(), "no potential has moved"));
  }
}

template <class Real>
void NetworkAnalyses<Real>::VisitState(StateVisitor& v) {
  for (size_t p = 0; p < stores_.size(); ++p) {
    stores_[p].VisitState(absl::StrCat("analyses.", plan_.populations[p].name),
                          v);
  }
  for (Potentials& p : potentials_) {
    p.chi.VisitState(absl::StrCat("analyses.", NameOf(*p.component)), v);
  }
}

template class NetworkAnalyses<float>;
template class NetworkAnalyses<double>;

std::vector<std::string> ArraysOfAnalyses(const Component& root) {
  std::vector<std::string> arrays;
  if (root.Slots("analyses").empty()) return arrays;
  const auto add = [&](const std::string& of, const char* name) {
    arrays.push_back(absl::StrCat("analyses.", of, ".", name));
  };
  Faults faults;
  for (const PlannedPopulation& p : PlanNetwork(root, faults).populations) {
    for (const char* name : {"steps", "units"}) add(p.name, name);
  }
  for (const Component& analysis : root.Slots("analyses")) {
    if (analysis.type != kPotentials) continue;
    for (const char* name : {"first", "sum", "squares", "totals"}) {
      add(NameOf(analysis), name);
    }
  }
  return arrays;
}

void CheckAnalyses(const Component& root, const NetworkPlan& plan,
                   Faults& faults) {
  std::set<std::string> seen;
  for (const Component& analysis : root.Slots("analyses")) {
    const auto fault = [&](std::string message) {
      faults.push_back({0, analysis.path, std::move(message)});
    };
    if (!IsNetworkAnalysis(analysis.type)) {
      fault(absl::StrCat(analysis.type,
                         " does not read spikes; analyses that do: firing, "
                         "potential_synchrony, rhythm, spike_list, "
                         "synchrony"));
    }
    if (analysis.name.empty() && !seen.insert(analysis.type).second) {
      fault(absl::StrCat("a second ", analysis.type,
                         " writes under the same name; give each a name of "
                         "its own"));
    }
    if (analysis.type == kPotentials) {
      CheckPotentials(analysis, root, plan, faults);
    }
  }
}

}  // namespace engram
