#include <memory>
#include <optional>
#include <vector>

#include "core/analyses/catalog.h"
#include "core/analyses/record_table.h"
#include "core/analyses/structure/eigenvalue_search.h"
#include "core/analyses/structure/full_spectrum.h"
#include "core/analyses/structure/subspace.h"
#include "core/base/math.h"

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

// Eigenvalues, singular values, and the spaces that carry the weights. The
// eigenvalues are searched in parts of bounded work; the singular values are
// one, the last: up to about a second of 1,400 units.
class WeightSubspace final : public SystemAnalysis {
 public:
  explicit WeightSubspace(int64_t n)
      : parts_of_eigenvalues_(EigenvalueSearch::MostParts(n, kWorkOfAPart)),
        eigenvalues_(n) {}

  int64_t parts() const override { return parts_of_eigenvalues_ + 1; }

  void RunPart(const SystemSubject& subject, int64_t part) override {
    if (part == parts_of_eigenvalues_) {
      low_ = ComputeLowRank(*subject.weights, subject.patterns);
      return;
    }
    if (part == 0) eigenvalues_.Begin(*subject.weights);
    eigenvalues_.Advance(kWorkOfAPart);
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
    const FullSpectrum spectrum = SpectrumOf(eigenvalues_);
    RecordList("eigenvalues_real", spectrum.real, "1", out);
    RecordList("eigenvalues_imaginary", spectrum.imaginary, "1", out);
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    eigenvalues_.VisitState(path + ".eigenvalues", v);
  }

 private:
  // Elements of the matrix that are changed: a third of a second.
  static constexpr double kWorkOfAPart = 4e8;

  int64_t parts_of_eigenvalues_;
  EigenvalueSearch eigenvalues_;
  std::optional<LowRank> low_;  // of the last part
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
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component&, uint64_t,
                            int64_t n) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<WeightSubspace>(n);
          },
          .reads = {.weights = true},
          .state = EigenvalueSearch::StateNames("eigenvalues")};
}

}  // namespace engram
