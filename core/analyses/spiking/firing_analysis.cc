// How often, how irregularly and in what bursts units fire.

#include "core/analyses/spiking/firing.h"
#include "core/analyses/spiking/network_analysis.h"

namespace engram {
namespace {

constexpr char kTooFew[] = "no unit has enough spikes";

class FiringAnalysis final : public NetworkAnalysis {
 public:
  explicit FiringAnalysis(const Component& component) : c_(component) {}

  void Run(const NetworkActivity& activity,
           AnalysisOutput& out) const override {
    const SpikeTrains trains = TrainsOf(c_, activity);
    const IntervalVariation variation =
        VariationOfIntervals(trains, c_.Integer("least_spikes"));
    const Bursts bursts =
        FindBursts(trains, {.least_spikes = c_.Integer("burst_spikes"),
                            .gap_ms = c_.Real("burst_gap")});
    const double spikes = static_cast<double>(trains.spikes());
    out.Summary("mean_rate", "Hz", MeasuredOr(MeanRate(trains), "no time"));
    out.Summary("interval_cv", "1", MeasuredOr(variation.cv, kTooFew));
    out.Summary("interval_units", "1",
                Measured::Of(static_cast<double>(variation.units)));
    out.Summary("bursts", "1", Measured::Of(static_cast<double>(bursts.count)));
    out.Summary("bursting_units", "1",
                Measured::Of(static_cast<double>(bursts.bursting_units)));
    out.Summary("burst_share", "1",
                spikes > 0
                    ? Measured::Of(static_cast<double>(bursts.spikes) / spikes)
                    : Measured::Absent("there are no spikes"));
  }

 private:
  Component c_;
};

}  // namespace

NetworkAnalysisRow FiringRow() {
  const OutputKind summary = OutputKind::kSummary;
  ComponentSpec spec{
      .type = "firing",
      .summary = "how often, how irregularly and in what bursts units fire",
      .equation = "CV = standard deviation / mean of a unit's intervals",
      .reference = "doi:10.1007/s10827-007-0038-6",
      .parameters = MeasureParameters(),
      .outputs = {{"mean_rate", summary, "Hz", "", "spikes by unit and second"},
                  {"interval_cv", summary, "1", "",
                   "CV of the intervals, mean over units with enough spikes"},
                  {"interval_units", summary, "1", "",
                   "units that have enough"},
                  {"bursts", summary, "1", "", "bursts of all units"},
                  {"bursting_units", summary, "1", "", "units with a burst"},
                  {"burst_share", summary, "1", "",
                   "spikes that are in bursts"}},
      .check = CheckMeasure};
  for (ParameterSpec& own : std::vector<ParameterSpec>{
           Integer("least_spikes", 5, 3, 1000000,
                   "a unit with fewer has no CV"),
           Integer("burst_spikes", 3, 2, 1000, "a burst has at least so many"),
           Real("burst_gap", "ms", 10, 0.001, 1e6,
                "each less than this after the one before")}) {
    spec.parameters.push_back(std::move(own));
  }
  return RowOfNetworkAnalysis<FiringAnalysis>(std::move(spec));
}

}  // namespace engram
