#include "core/analyses/spiking/network_analysis.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/spec/find_row.h"
#include "core/spiking/network_plan.h"

namespace engram {

const std::vector<NetworkAnalysisRow>& NetworkAnalysisRows() {
  static const std::vector<NetworkAnalysisRow> rows = {
      BrunelMeanFieldRow(), CountAutocorrelationRow(),
      FiringRow(),          PotentialSynchronyRow(),
      RhythmRow(),          SpikeListRow(),
      SynchronyRow(),
  };
  return rows;
}

bool IsNetworkAnalysis(const std::string& type) {
  return std::ranges::any_of(
      NetworkAnalysisRows(),
      [&](const NetworkAnalysisRow& row) { return row.spec.type == type; });
}

bool RefusesNetworkAnalysis(const Component& analysis, Faults& faults) {
  if (!IsNetworkAnalysis(analysis.type)) return false;
  faults.push_back({0, analysis.path,
                    absl::StrCat(analysis.type,
                                 " reads the spikes of a network; put it among "
                                 "the analyses of spiking_network")});
  return true;
}

std::unique_ptr<NetworkAnalysis> MakeNetworkAnalysis(
    const Component& component) {
  return RowOf(NetworkAnalysisRows(), component.type).make(component);
}

std::vector<ParameterSpec> MeasureParameters() {
  ParameterSpec of;
  of.name = "of";
  of.type = ParameterType::kSelection;
  of.default_value = Value("all");
  of.meaning = "units that are looked at: a population, a group, a range";
  return {std::move(of),
          Real("start", "ms", 0, 0, 1e12, "what came before is left out")};
}

void CheckMeasure(const Component& self, const Component& root,
                  Faults& faults) {
  if (root.type != "spiking_network") return;
  const auto units = SelectUnits(root, self.Get("of"));
  if (!units.ok()) {
    faults.push_back({0, absl::StrCat(self.path, ".of"),
                      std::string(units.status().message())});
  }
  if (self.Real("start") < root.Real("duration")) return;
  faults.push_back(
      {0, absl::StrCat(self.path, ".start"),
       absl::StrCat("start = ", self.Real("start"),
                    " ms is not before the end of the run, at ",
                    root.Real("duration"), " ms; make it earlier")});
}

SpikeTrains TrainsOf(const Component& measure,
                     const NetworkActivity& activity) {
  const auto units = SelectUnits(activity.root, measure.Get("of"));
  ENGRAM_EXPECT(units.ok());
  std::vector<int64_t> steps;
  std::vector<int32_t> numbers;
  for (const UnitRange& range : units->ranges) {
    const SpikeStore& store =
        activity.spikes[static_cast<size_t>(range.population)];
    for (size_t k = 0; k < store.steps().size(); ++k) {
      const int64_t unit = store.units()[k];
      if (unit < range.begin || unit >= range.end) continue;
      steps.push_back(store.steps()[k]);
      numbers.push_back(
          static_cast<int32_t>(range.offset + unit - range.begin));
    }
  }
  const int64_t begin = std::min(
      activity.steps,
      static_cast<int64_t>(std::llround(measure.Real("start") / activity.dt)));
  return SpikeTrains({.units = units->units,
                      .begin = begin,
                      .end = activity.steps,
                      .dt = activity.dt},
                     steps, numbers);
}

Measured MeasuredOr(const std::optional<double>& value, const char* reason) {
  return value ? Measured::Of(*value) : Measured::Absent(reason);
}

}  // namespace engram
