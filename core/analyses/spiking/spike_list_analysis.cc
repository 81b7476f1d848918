// When one unit fires: for single cells and small circuits.

#include <algorithm>

#include "core/analyses/spiking/network_analysis.h"

namespace engram {
namespace {

constexpr char kNone[] = "it does not fire";

class SpikeListAnalysis final : public NetworkAnalysis {
 public:
  explicit SpikeListAnalysis(const Component& component) : c_(component) {}

  void Run(const NetworkActivity& activity,
           AnalysisOutput& out) const override {
    const SpikeTrains trains = TrainsOf(c_, activity);
    const double origin = c_.Real("start") + c_.Real("shift");
    std::vector<double> times;
    for (int64_t step : trains.Train(0)) {
      times.push_back(origin + static_cast<double>(step + 1) * trains.dt());
    }
    const bool is_silent = times.empty();
    out.Summary("spikes", "1", Measured::Of(static_cast<double>(times.size())));
    out.Summary(
        "first_spike", "ms",
        is_silent ? Measured::Absent(kNone) : Measured::Of(times.front()));
    out.Summary(
        "last_spike", "ms",
        is_silent ? Measured::Absent(kNone) : Measured::Of(times.back()));
    for (size_t k = 0; k < times.size(); ++k) {
      out.Point("spike_time", "ms", "spike", "1", static_cast<double>(k),
                Measured::Of(times[k]));
    }
  }

 private:
  Component c_;
};

}  // namespace

NetworkAnalysisRow SpikeListRow() {
  const OutputKind summary = OutputKind::kSummary;
  ComponentSpec spec{
      .type = "spike_list",
      .summary = "when a unit fires",
      .equation = "a spike of step k has the time (k + 1) dt + shift",
      .parameters = MeasureParameters(),
      .outputs = {{"spikes", summary, "1", "", "how many"},
                  {"first_spike", summary, "ms", "", "time of the first"},
                  {"last_spike", summary, "ms", "", "time of the last"},
                  {"spike_time", OutputKind::kSeries, "ms", "spike",
                   "time of each"}},
      .check = CheckMeasure};
  spec.parameters[0].meaning = "of these units the first is looked at";
  spec.parameters.push_back(
      Real("shift", "ms", 0, -1e6, 1e6,
           "added to all times: -dt gives the begins of steps"));
  return RowOfNetworkAnalysis<SpikeListAnalysis>(std::move(spec));
}

}  // namespace engram
