#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/analyses/block_structure.h"
#include "core/analyses/catalog.h"
#include "core/analyses/spectrum.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr char kNothingLearned[] = "nothing was learned: every weight is 0";

Measured Or(std::optional<double> value, const std::string& reason) {
  return value ? Measured::Of(*value) : Measured::Absent(reason);
}

// Shape of the learned weights: symmetric or not, along the sequence or not,
// and what their spectrum says about it.
class WeightStructure final : public SequenceAnalysis {
 public:
  explicit WeightStructure(const Component& component)
      : spectrum_up_to_(component.Integer("spectrum_up_to")) {}

  void Run(const SequenceResults& results, AnalysisOutput& out) const override {
    const Array<double> b = BlockMeans(results.weights, results.task);
    out.Summary("symmetry_index", "1",
                Or(SymmetryIndex(results.weights), kNothingLearned));
    out.Summary("sequential_coupling", "1",
                Measured::Of(SequentialCoupling(b)));
    out.Summary("largest_block_mean", "1",
                Measured::Of(statistics::LargestMagnitude(b.span())));
    RunSpectrum(results.weights, out);
    RunBands(b, out);
    out.Array("block_means", ViewOf(b, "1"));
    out.Array(
        "sorted_weights",
        ViewOf(Reordered(results.weights,
                         UnitsByItem(results.task, results.weights.rows())),
               "1"));
  }

 private:
  void RunSpectrum(const Array<double>& w, AnalysisOutput& out) const {
    std::string reason = kNothingLearned;
    std::optional<Spectrum> s;
    if (w.rows() > spectrum_up_to_) {
      reason = absl::StrCat(
          w.rows(), " units are more than spectrum_up_to = ", spectrum_up_to_);
    } else {
      s = ComputeSpectrum(w);
    }
    const auto part = [&](const char* name, double Spectrum::*field) {
      out.Summary(name, "1",
                  s ? Measured::Of((*s).*field) : Measured::Absent(reason));
    };
    part("spectral_radius", &Spectrum::radius);
    part("spectrum_real", &Spectrum::real);
    part("spectrum_imaginary", &Spectrum::imaginary);
    part("henrici", &Spectrum::henrici);
  }

  static void RunBands(const Array<double>& b, AnalysisOutput& out) {
    const std::vector<double> bands = BandProfile(b);
    for (size_t i = 0; i < bands.size(); ++i) {
      const int64_t d = static_cast<int64_t>(i) - (b.rows() - 1);
      out.Point("band_profile", "1", "d", "1", static_cast<double>(d),
                Measured::Of(bands[i]));
    }
  }

  int64_t spectrum_up_to_;
};

}  // namespace

AnalysisRow WeightStructureRow() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "weight_structure",
      .summary = "symmetry, direction and spectrum of the learned weights",
      .equation =
          "symmetry_index = (|Ws|^2 - |Wa|^2) / (|Ws|^2 + |Wa|^2), "
          "Ws, Wa = (W +- W') / 2\n"
          "B_kl = mean of W_ij over i in item k, j in item l, i != j\n"
          "sequential_coupling = <B_(k+1)k> - <B_k(k+1)>\n"
          "henrici = sqrt(|W|_F^2 - sum |lambda|^2) / |W|_F",
      .reference = "doi:10.1007/BF01386294",
      .parameters = {Integer("spectrum_up_to", 300, 0, 1000,
                             "largest number of units for which eigenvalues "
                             "are computed, which takes O(units^3)")},
      .slots = {},
      .outputs =
          {{"symmetry_index", summary, "1", "",
            "1: symmetric, -1: antisymmetric"},
           {"sequential_coupling", summary, "1", "",
            "mean weight to the next item less that to the one before"},
           {"largest_block_mean", summary, "1", "",
            "largest |B_kl|, which gain matching divides by"},
           {"spectral_radius", summary, "1", "", "largest |lambda|"},
           {"spectrum_real", summary, "1", "",
            "largest |Re lambda| over the spectral radius"},
           {"spectrum_imaginary", summary, "1", "",
            "largest |Im lambda| over the spectral radius"},
           {"henrici", summary, "1", "",
            "departure from a normal matrix, 0 for none"},
           {"band_profile", OutputKind::kSeries, "1", "d",
            "mean of B_(k+d)k over k"},
           {"block_means", array, "1", "", "B (n_items, n_items)"},
           {"sorted_weights", array, "1", "",
            "learned weights (n_post, n_pre), units in the order of their "
            "items"}},
      .check = {}};
  return {.spec = std::move(spec),
          .make = [](const Component& c) -> std::unique_ptr<SequenceAnalysis> {
            return std::make_unique<WeightStructure>(c);
          }};
}

}  // namespace engram
