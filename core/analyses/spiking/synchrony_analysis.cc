// How much units fire together.

#include "core/analyses/spiking/network_analysis.h"
#include "core/analyses/spiking/population_count.h"

namespace engram {
namespace {

class SynchronyAnalysis final : public NetworkAnalysis {
 public:
  explicit SynchronyAnalysis(const Component& component) : c_(component) {}

  void Run(const NetworkActivity& activity,
           AnalysisOutput& out) const override {
    const SpikeTrains trains = TrainsOf(c_, activity);
    out.Summary("count_synchrony", "1",
                MeasuredOr(CountSynchrony(
                               PopulationCount(trains, c_.Real("count_bin"))),
                           "there are no spikes"));
    out.Summary(
        "pair_correlation", "1",
        MeasuredOr(MeanPairCorrelation(trains, c_.Real("correlation_bin")),
                   "fewer than two units fire"));
  }

 private:
  Component c_;
};

}  // namespace

NetworkAnalysisRow SynchronyRow() {
  const OutputKind summary = OutputKind::kSummary;
  ComponentSpec spec{
      .type = "synchrony",
      .summary = "how much units fire together",
      .equation =
          "count_synchrony = variance / mean of the population's count\n"
          "pair_correlation = mean over pairs of the correlation of "
          "their counts",
      .reference = "doi:10.1023/A:1008925309027",
      .parameters = MeasureParameters(),
      .outputs = {{"count_synchrony", summary, "1", "",
                   "1 for independent Poisson units, up to their number"},
                  {"pair_correlation", summary, "1", "",
                   "mean over all pairs of units that fire"}},
      .check = CheckMeasure};
  spec.parameters.push_back(
      Real("count_bin", "ms", 1, 0.001, 1e6, "of the population's count"));
  spec.parameters.push_back(
      Real("correlation_bin", "ms", 5, 0.001, 1e6, "of the units' counts"));
  return RowOfNetworkAnalysis<SynchronyAnalysis>(std::move(spec));
}

}  // namespace engram
