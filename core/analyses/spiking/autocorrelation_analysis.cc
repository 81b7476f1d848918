// How long the counts of a population and of its units stay what they are.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/analyses/spiking/network_analysis.h"
#include "core/analyses/spiking/population_count.h"
#include "core/analyses/timescales/timescale_report.h"

namespace engram {
namespace {

class CountAutocorrelation final : public NetworkAnalysis {
 public:
  explicit CountAutocorrelation(const Component& component) : c_(component) {}

  void Run(const NetworkActivity& activity,
           AnalysisOutput& out) const override {
    const SpikeTrains trains = TrainsOf(c_, activity);
    const double bin_ms = c_.Real("bin");
    const int64_t lags = c_.Integer("lags");
    const std::vector<double> count = PopulationCount(trains, bin_ms);
    const bool is_long = static_cast<int64_t>(count.size()) > lags + 1;
    const int64_t n = std::min(c_.Integer("units"), trains.units());
    Autocorrelations population(1, lags), units(is_long ? n : 0, lags);
    std::vector<int64_t> numbers;
    if (is_long) population.Add(0, count);
    for (int64_t unit = 0; unit < units.units(); ++unit) {
      numbers.push_back(unit * trains.units() / n);
      units.Add(unit, UnitCount(trains, numbers.back(), bin_ms));
    }
    ReportTimescales({population, units, std::move(numbers)},
                     TimescaleFit(c_, bin_ms), out);
  }

 private:
  Component c_;
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = MeasureParameters();
  parameters.push_back(
      Real("bin", "ms", 5, 0.001, 1e5, "of the counts, and step of the lags"));
  parameters.push_back(
      Integer("lags", 60, 5, 100000, "of the autocorrelation, in bins"));
  parameters.push_back(Integer("units", 50, 1, 100000,
                               "single units that are looked at, spread over "
                               "those selected"));
  for (ParameterSpec& spec : FitParameters(5, 1000)) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

void Check(const Component& self, const Component& root, Faults& faults) {
  CheckMeasure(self, root, faults);
  CheckFit(self, self.Real("bin"), faults);
  if (root.type != "spiking_network") return;
  const double bin = self.Real("bin");
  const double bins = (root.Real("duration") - self.Real("start")) / bin;
  const int64_t lags = self.Integer("lags");
  if (bins > static_cast<double>(lags + 1)) return;
  faults.push_back({0, absl::StrCat(self.path, ".lags"),
                    absl::StrCat("from start to the end of the run there are ",
                                 bins, " bins of ", bin,
                                 " ms, not more than lags + 1 = ", lags + 1,
                                 "; look at fewer lags, or run for longer")});
}

}  // namespace

NetworkAnalysisRow CountAutocorrelationRow() {
  return RowOfNetworkAnalysis<CountAutocorrelation>(
      {.type = "count_autocorrelation",
       .summary = "how long the counts of a population and of its units stay "
                  "what they are: autocorrelations, and the time constants "
                  "that fit them",
       .equation = TimescaleEquation(),
       .reference = "doi:10.1038/nn.3862",
       .parameters = Parameters(),
       .outputs = TimescaleOutputs(),
       .check = Check});
}

}  // namespace engram
