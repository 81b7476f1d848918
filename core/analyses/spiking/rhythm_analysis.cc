// Rhythms of a population's count, and its spectrum.

#include "absl/strings/str_cat.h"
#include "core/analyses/spiking/count_spectrum.h"
#include "core/analyses/spiking/network_analysis.h"
#include "core/analyses/spiking/population_count.h"

namespace engram {
namespace {

constexpr double kBinMs = 1;
constexpr char kNoWindow[] = "less than a second, or no spikes";

class RhythmAnalysis final : public NetworkAnalysis {
 public:
  explicit RhythmAnalysis(const Component& component) : c_(component) {}

  void Run(const NetworkActivity& activity,
           AnalysisOutput& out) const override {
    const CountSpectrum spectrum =
        SpectrumOfCount(PopulationCount(TrainsOf(c_, activity), kBinMs), kBinMs,
                        c_.Real("highest"));
    for (const char* band : {"slow", "fast"}) Report(spectrum, band, out);
    for (size_t f = 0; f < spectrum.power.size(); ++f) {
      out.Point("power", "1/Hz", "frequency", "Hz",
                static_cast<double>(f) * spectrum.resolution_hz,
                Measured::Of(spectrum.power[f]));
    }
  }

 private:
  void Report(const CountSpectrum& spectrum, const std::string& band,
              AnalysisOutput& out) const {
    const std::vector<double> ends = c_.Reals(band + "_band");
    const auto rhythm = RhythmInBand(spectrum, ends[0], ends[1]);
    out.Summary(
        band + "_peak", "Hz",
        rhythm ? Measured::Of(rhythm->peak_hz) : Measured::Absent(kNoWindow));
    out.Summary(
        band + "_share", "1",
        rhythm ? Measured::Of(rhythm->share) : Measured::Absent(kNoWindow));
  }

  Component c_;
};

ParameterSpec Band(std::string name, double low, double high,
                   std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.unit = "Hz";
  spec.list_rank = 1;
  spec.minimum = 0;
  spec.maximum = 500;
  spec.default_value = Value(Value::List{Value(low), Value(high)});
  spec.meaning = std::move(meaning);
  return spec;
}

void Check(const Component& self, const Component& root, Faults& faults) {
  CheckMeasure(self, root, faults);
  for (const char* band : {"slow_band", "fast_band"}) {
    const std::vector<double> ends = self.Reals(band);
    if (ends.size() == 2 && ends[0] < ends[1]) continue;
    faults.push_back({0, absl::StrCat(self.path, ".", band),
                      "a band is two frequencies, the lower first"});
  }
}

}  // namespace

NetworkAnalysisRow RhythmRow() {
  const OutputKind summary = OutputKind::kSummary;
  ComponentSpec spec{
      .type = "rhythm",
      .summary =
          "spectrum of the population's count and its peaks in two "
          "bands",
      .equation =
          "mean power of Hann windows of 1 s that overlap by half, of "
          "the 1 ms count less its mean",
      .reference = "doi:10.1109/TAU.1967.1161901",
      .parameters = MeasureParameters(),
      .outputs = {{"slow_peak", summary, "Hz", "",
                   "frequency of the largest power in the slow band"},
                  {"slow_share", summary, "1", "",
                   "of the power above 0 Hz that is in the slow band"},
                  {"fast_peak", summary, "Hz", "",
                   "frequency of the largest power in the fast band"},
                  {"fast_share", summary, "1", "",
                   "of the power above 0 Hz that is in the fast band"},
                  {"power", OutputKind::kSeries, "1/Hz", "frequency",
                   "spectral density of the count"}},
      .check = Check};
  spec.parameters.push_back(Band("slow_band", 4, 20, "both ends count"));
  spec.parameters.push_back(Band("fast_band", 25, 60, "both ends count"));
  spec.parameters.push_back(
      Real("highest", "Hz", 250, 1, 500, "of the spectrum"));
  return RowOfNetworkAnalysis<RhythmAnalysis>(std::move(spec));
}

}  // namespace engram
