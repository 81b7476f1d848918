// Distributions of positive numbers: lognormal, exponential.

#include <algorithm>
#include <utility>

#include "core/base/math.h"
#include "core/spiking/catalog.h"
#include "core/spiking/connectivity/bounded.h"

namespace engram {
namespace {

constexpr double kBound = 1e12;  // of a number that somebody would write

class Lognormal final : public Distribution {
 public:
  explicit Lognormal(const Component& c)
      : median_(c.Real("median")), sigma_(c.Real("sigma")), bounded_(c) {}
  void Fill(const RandomStream& random, int64_t step,
            std::span<double> out) const override {
    random.FillNormal(step, out);
    for (double& x : out) x *= sigma_;
    math::Exp(out, out);
    for (double& x : out) x *= median_;
    bounded_.Apply(out, [&](int64_t element, uint32_t draw) {
      return median_ * math::Exp(sigma_ * random.Normal(element, step, draw));
    });
  }
  double lowest() const override { return std::min(Farthest(-1), Farthest(1)); }
  double highest() const override {
    return std::max(Farthest(-1), Farthest(1));
  }

 private:
  double Farthest(double sign) const {
    return bounded_.Clip(median_ * math::Exp(sign * kFarthestNormal * sigma_));
  }

  double median_, sigma_;
  Bounded bounded_;
};

class Exponential final : public Distribution {
 public:
  explicit Exponential(const Component& c)
      : mean_(c.Real("mean")), shift_(c.Real("shift")), bounded_(c) {}
  void Fill(const RandomStream& random, int64_t step,
            std::span<double> out) const override {
    random.Fill(step, out);
    math::Log(out, out);
    for (double& x : out) x = shift_ - mean_ * x;
    bounded_.Apply(out, [&](int64_t element, uint32_t draw) {
      return shift_ - mean_ * math::Log(random.Uniform(element, step, draw));
    });
  }
  double lowest() const override { return std::min(Farthest(0), Farthest(1)); }
  double highest() const override { return std::max(Farthest(0), Farthest(1)); }

 private:
  double Farthest(double share) const {
    return bounded_.Clip(shift_ + share * kFarthestExponential * mean_);
  }

  double mean_, shift_;
  Bounded bounded_;
};

template <class D>
DistributionRow RowOfDistribution(ComponentSpec spec) {
  spec.kind = Kind::kDistribution;
  spec.check = CheckBounds;
  for (ParameterSpec& p : BoundParameters()) {
    spec.parameters.push_back(std::move(p));
  }
  return {.spec = std::move(spec),
          .make = [](const Component& c) -> std::unique_ptr<Distribution> {
            return std::make_unique<D>(c);
          }};
}

}  // namespace

DistributionRow LognormalRow() {
  return RowOfDistribution<Lognormal>(
      {.type = "lognormal",
       .summary = "the logarithm is normal; the mean is median "
                  "exp(sigma^2 / 2)",
       .equation = "x = median exp(sigma N(0, 1))",
       .parameters = {WithUnitOfSlot(Real(
                          "median", "1", 1, -kBound, kBound,
                          "half of the numbers are on either side; its sign "
                          "is theirs")),
                      Real("sigma", "1", 1, 0, 10,
                           "standard deviation of the logarithm")}});
}

DistributionRow ExponentialRow() {
  return RowOfDistribution<Exponential>(
      {.type = "exponential",
       .summary = "falls off exponentially from a number on",
       .equation = "x = shift - mean log U",
       .parameters = {
           WithUnitOfSlot(Real("mean", "1", 1, -kBound, kBound,
                               "above the shift; below it where negative")),
           WithUnitOfSlot(
               Real("shift", "1", 0, -kBound, kBound, "where it begins"))}});
}

}  // namespace engram
