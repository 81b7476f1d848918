#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analyses/sequence_analysis.h"
#include "core/analyses/spiking/spike_store.h"
#include "core/analyses/spiking/spike_trains.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// What a run of a spiking network leaves for its analyses.
struct NetworkActivity {
  const Component& root;                  // of the program
  const std::vector<SpikeStore>& spikes;  // of each population
  double dt = 0;                          // [ms]
  int64_t steps = 0;                      // of the run
};

// A function of what a network did from the start of a run to its end.
class NetworkAnalysis {
 public:
  virtual ~NetworkAnalysis() = default;
  virtual void Run(const NetworkActivity& activity,
                   AnalysisOutput& out) const = 0;
};

struct NetworkAnalysisRow {
  ComponentSpec spec;
  // Null for one that the program does while the network runs.
  std::unique_ptr<NetworkAnalysis> (*make)(const Component& component) =
      nullptr;
};

// One line an analysis.
const std::vector<NetworkAnalysisRow>& NetworkAnalysisRows();
// Whether a type of analysis is one of networks.
bool IsNetworkAnalysis(const std::string& type);
// For programs that have other analyses: adds a fault for one of networks, and
// says whether it did.
bool RefusesNetworkAnalysis(const Component& analysis, Faults& faults);
std::unique_ptr<NetworkAnalysis> MakeNetworkAnalysis(
    const Component& component);

// The parameters `of` and `start` that every measure of spikes has, and the
// check that goes with them.
std::vector<ParameterSpec> MeasureParameters();
void CheckMeasure(const Component& self, const Component& root, Faults& faults);
// Spikes of the selected units from `start` to the end, numbered through.
SpikeTrains TrainsOf(const Component& measure, const NetworkActivity& activity);

// An optional number as a run records it.
Measured MeasuredOr(const std::optional<double>& value, const char* reason);

template <class A>
NetworkAnalysisRow RowOfNetworkAnalysis(ComponentSpec spec) {
  spec.kind = Kind::kAnalysis;
  return {.spec = std::move(spec),
          .make = [](const Component& c) -> std::unique_ptr<NetworkAnalysis> {
            return std::make_unique<A>(c);
          }};
}

NetworkAnalysisRow BrunelMeanFieldRow();
NetworkAnalysisRow CountAutocorrelationRow();
NetworkAnalysisRow FiringRow();
NetworkAnalysisRow PotentialSynchronyRow();
NetworkAnalysisRow RhythmRow();
NetworkAnalysisRow SpikeListRow();
NetworkAnalysisRow SynchronyRow();

}  // namespace engram
