#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "core/analyses/catalog.h"
#include "core/analyses/record_table.h"
#include "core/analyses/structure/full_spectrum.h"
#include "core/analyses/structure/subspace.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr char kZero[] = "every weight is 0";

Measured MeanSquareCosine(const std::vector<double>& angles) {
  if (angles.empty()) return Measured::Absent("no patterns are known");
  double sum = 0;
  for (double angle : angles) {
    const double cosine = math::Cos(angle);
    sum += cosine * cosine;
  }
  return Measured::Of(sum / static_cast<double>(angles.size()));
}

// Eigenvalues, singular values, and the spaces that carry the weights. Two
// parts, a decomposition each, which are not cut: up to about a second of 1,000
// units.
class WeightSubspace final : public SystemAnalysis {
 public:
  explicit WeightSubspace(int64_t n) : real_(n), imaginary_(n), count_(1) {}

  int64_t parts() const override { return 2; }

  void RunPart(const SystemSubject& subject, int64_t part) override {
    if (part == 0) {
      const FullSpectrum spectrum = ComputeFullSpectrum(*subject.weights);
      std::ranges::copy(spectrum.real, real_.data());
      std::ranges::copy(spectrum.imaginary, imaginary_.data());
      count_[0] = static_cast<int64_t>(spectrum.real.size());
    } else {
      low_ = ComputeLowRank(*subject.weights, subject.patterns);
    }
  }

  void Finish(const SystemSubject& subject, AnalysisOutput& out) override {
    const LowRank low = low_.value_or(LowRank());
    const auto summary = [&](const char* name, const Measured& value) {
      out.Summary(name, "1", low_ ? value : Measured::Absent(kZero));
    };
    summary("participation", Measured::Of(low.participation));
    summary("largest_singular_value",
            Measured::Of(low_ ? low.singular_values[0] : 0));
    summary("left_alignment", MeanSquareCosine(low.left_angles));
    summary("right_alignment", MeanSquareCosine(low.right_angles));
    summary("share_in_patterns", subject.patterns == nullptr
                                     ? Measured::Absent("no patterns are known")
                                     : Measured::Of(low.share_in_patterns));
    RecordList("singular_values", low.singular_values, "1", out);
    RecordList("left_angles", low.left_angles, "1", out);
    RecordList("right_angles", low.right_angles, "1", out);
    RecordList("eigenvalues_real", Found(real_), "1", out);
    RecordList("eigenvalues_imaginary", Found(imaginary_), "1", out);
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    v.State(path + ".eigenvalues_real", StateOf(real_, "1"));
    v.State(path + ".eigenvalues_imaginary", StateOf(imaginary_, "1"));
    v.State(path + ".eigenvalues", StateOf(count_, "1"));
  }

 private:
  std::vector<double> Found(const Array<double>& values) const {
    return {values.data(), values.data() + count_[0]};
  }

  Array<double> real_, imaginary_;  // (n)
  Array<int64_t> count_;            // (1) n, or 0 where there are none
  std::optional<LowRank> low_;      // of the last part
};

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  return {{"participation", summary, "1", "",
           "how many singular values carry the weights"},
          {"largest_singular_value", summary, "1", "", "their operator norm"},
          {"left_alignment", summary, "1", "",
           "mean squared cosine of left_angles: 1 when stored patterns are "
           "what the weights lead to"},
          {"right_alignment", summary, "1", "",
           "the same of right_angles: 1 when they are what the weights read"},
          {"share_in_patterns", summary, "1", "",
           "share of |W|^2 from patterns to patterns"},
          {"singular_values", array, "1", "", "falling"},
          {"left_angles", array, "1", "",
           "principal angles [rad] of patterns and left singular vectors"},
          {"right_angles", array, "1", "", "and of right ones"},
          {"eigenvalues_real", array, "1", "", "by falling magnitude"},
          {"eigenvalues_imaginary", array, "1", "", "in the same order"}};
}

}  // namespace

AnalysisRow WeightSubspaceRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "weight_subspace",
      .summary =
          "eigenvalues and singular values of the weights, and how their "
          "leading directions lie to what was stored",
      .equation =
          "W = U S V'\n"
          "participation = (sum s^2)^2 / sum s^4\n"
          "left_angles: principal angles of the patterns' space and the "
          "leading columns of U; right_angles: of V\n"
          "share_in_patterns = |P W P|^2 / |W|^2",
      .reference = "doi:10.1090/S0025-5718-1973-0348991-3",
      .parameters = {},
      .slots = {},
      .outputs = Outputs(),
      .check = {}};
  return {
      .spec = std::move(spec),
      .make = nullptr,
      .make_system = [](const Component&, uint64_t,
                        int64_t n) -> std::unique_ptr<SystemAnalysis> {
        return std::make_unique<WeightSubspace>(n);
      },
      .reads = {.weights = true},
      .state = {"eigenvalues_real", "eigenvalues_imaginary", "eigenvalues"}};
}

}  // namespace engram
