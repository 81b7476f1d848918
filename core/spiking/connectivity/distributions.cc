// Distributions of numbers: constant, uniform, normal.

#include <algorithm>
#include <utility>

#include "core/spiking/catalog.h"
#include "core/spiking/connectivity/bounded.h"

namespace engram {
namespace {

constexpr double kBound = 1e12;  // of a number that somebody would write

class Constant final : public Distribution {
 public:
  explicit Constant(const Component& c) : value_(c.Real("value")) {}
  void Fill(const RandomStream&, int64_t,
            std::span<double> out) const override {
    std::ranges::fill(out, value_);
  }
  double lowest() const override { return value_; }
  double highest() const override { return value_; }

 private:
  double value_;
};

class Uniform final : public Distribution {
 public:
  explicit Uniform(const Component& c)
      : low_(c.Real("low")), high_(c.Real("high")) {}
  void Fill(const RandomStream& random, int64_t step,
            std::span<double> out) const override {
    random.Fill(step, out);
    for (double& x : out) x = low_ + (high_ - low_) * x;
  }
  double lowest() const override { return low_; }
  double highest() const override { return high_; }

 private:
  double low_, high_;
};

class Normal final : public Distribution {
 public:
  explicit Normal(const Component& c)
      : mean_(c.Real("mean")), sd_(c.Real("sd")), bounded_(c) {}
  void Fill(const RandomStream& random, int64_t step,
            std::span<double> out) const override {
    random.FillNormal(step, out);
    for (double& x : out) x = mean_ + sd_ * x;
    bounded_.Apply(out, [&](int64_t element, uint32_t draw) {
      return mean_ + sd_ * random.Normal(element, step, draw);
    });
  }
  double lowest() const override {
    return bounded_.Clip(mean_ - kFarthestNormal * sd_);
  }
  double highest() const override {
    return bounded_.Clip(mean_ + kFarthestNormal * sd_);
  }

 private:
  double mean_, sd_;
  Bounded bounded_;
};

template <class D>
DistributionRow RowOfDistribution(ComponentSpec spec) {
  spec.kind = Kind::kDistribution;
  return {.spec = std::move(spec),
          .make = [](const Component& c) -> std::unique_ptr<Distribution> {
            return std::make_unique<D>(c);
          }};
}

}  // namespace

DistributionRow ConstantRow() {
  return RowOfDistribution<Constant>(
      {.type = "constant",
       .summary = "the same number for all",
       .parameters = {WithUnitOfSlot(
           Real("value", "1", 1, -kBound, kBound, "the number"))},
       .bare_parameter = "value"});
}

DistributionRow UniformRow() {
  return RowOfDistribution<Uniform>(
      {.type = "uniform",
       .summary = "every number between two with the same density",
       .equation = "x = low + (high - low) U",
       .parameters =
           {WithUnitOfSlot(Real("low", "1", 0, -kBound, kBound, "smallest")),
            WithUnitOfSlot(Real("high", "1", 1, -kBound, kBound, "largest"))},
       .check = CheckBounds});
}

DistributionRow NormalRow() {
  DistributionRow row = RowOfDistribution<Normal>(
      {.type = "normal",
       .summary = "a normal distribution, with or without bounds",
       .equation = "x = mean + sd N(0, 1)",
       .parameters = {WithUnitOfSlot(
                          Real("mean", "1", 0, -kBound, kBound, "mean")),
                      WithUnitOfSlot(
                          Real("sd", "1", 1, 0, kBound, "standard deviation"))},
       .check = CheckBounds});
  for (ParameterSpec& p : BoundParameters()) {
    row.spec.parameters.push_back(std::move(p));
  }
  return row;
}

}  // namespace engram
