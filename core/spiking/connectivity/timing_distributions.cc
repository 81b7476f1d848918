// Distributions in which experiments draw how long something lasts: one of
// several numbers, and an exponential distribution that is cut off on both
// sides.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

constexpr double kBound = 1e12;  // of a number that somebody would write

class OneOfSeveral final : public Distribution {
 public:
  explicit OneOfSeveral(const Component& c) : of_(c.Reals("of")) {}
  void Fill(const RandomStream& random, int64_t step,
            std::span<double> out) const override {
    const auto size = static_cast<int64_t>(of_.size());
    for (size_t i = 0; i < out.size(); ++i) {
      const int64_t which = random.Below(size, static_cast<int64_t>(i), step);
      out[i] = of_[static_cast<size_t>(which)];
    }
  }
  // An empty list is refused, but others may ask before that.
  double lowest() const override {
    return of_.empty() ? 0 : *std::ranges::min_element(of_);
  }
  double highest() const override {
    return of_.empty() ? 0 : *std::ranges::max_element(of_);
  }

 private:
  std::vector<double> of_;
};

// By inversion: of a uniform U, the x below which a share U of the density
// between min and max lies.
class CutExponential final : public Distribution {
 public:
  explicit CutExponential(const Component& c)
      : mean_(c.Real("mean")),
        min_(c.Real("min")),
        max_(c.Real("max")),
        share_(1 - math::Exp(-(max_ - min_) / mean_)) {}
  void Fill(const RandomStream& random, int64_t step,
            std::span<double> out) const override {
    random.Fill(step, out);
    for (double& u : out) u = 1 - share_ * u;
    math::Log(out, out);
    for (double& x : out) x = std::min(min_ - mean_ * x, max_);
  }
  double lowest() const override { return min_; }
  double highest() const override { return max_; }

 private:
  double mean_, min_, max_;
  double share_;  // of the distribution above min that lies below max
};

template <class D>
DistributionRow RowOfDistribution(ComponentSpec spec) {
  spec.kind = Kind::kDistribution;
  return {.spec = std::move(spec),
          .make = [](const Component& c) -> std::unique_ptr<Distribution> {
            return std::make_unique<D>(c);
          }};
}

void CheckOf(const Component& c, const Component&, Faults& faults) {
  if (!c.Reals("of").empty()) return;
  faults.push_back({0, absl::StrCat(c.path, ".of"),
                    "there is nothing to choose from; wanted at least one "
                    "number"});
}

void CheckCut(const Component& c, const Component&, Faults& faults) {
  const double min = c.Real("min"), max = c.Real("max");
  if (min < max) return;
  faults.push_back({0, absl::StrCat(c.path, ".max"),
                    absl::StrCat("max = ", max, " is not above min = ", min,
                                 "; wanted more")});
}

}  // namespace

DistributionRow ChoiceRow() {
  ParameterSpec of =
      Real("of", "1", 0, -kBound, kBound, "the numbers, with equal shares");
  of.default_value.reset();
  of.list_rank = 1;
  return RowOfDistribution<OneOfSeveral>(
      {.type = "choice",
       .summary = "one of several numbers, each with the same probability",
       .parameters = {WithUnitOfSlot(std::move(of))},
       .check = CheckOf});
}

DistributionRow TruncatedExponentialRow() {
  const auto number = [](const char* name, double value, double least,
                         const char* meaning) {
    return WithUnitOfSlot(Real(name, "1", value, least, kBound, meaning));
  };
  return RowOfDistribution<CutExponential>(
      {.type = "truncated_exponential",
       .summary = "an exponential distribution of which only what lies between "
                  "min and max is taken",
       .equation = "p(x) ~ exp(-x / mean), min <= x < max",
       .parameters = {number("mean", 1, 1e-9,
                             "of the distribution before it is cut off"),
                      number("min", 0, -kBound, "smallest"),
                      number("max", 10, -kBound, "largest")},
       .check = CheckCut});
}

}  // namespace engram
