// Distributions of numbers: constant, uniform, normal.

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/spiking/catalog.h"

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

// What falls outside of the bounds is put onto them.
class Normal final : public Distribution {
 public:
  explicit Normal(const Component& c)
      : mean_(c.Real("mean")),
        sd_(c.Real("sd")),
        low_(c.Has("low") ? c.Real("low")
                          : -std::numeric_limits<double>::infinity()),
        high_(c.Has("high") ? c.Real("high")
                            : std::numeric_limits<double>::infinity()) {}
  void Fill(const RandomStream& random, int64_t step,
            std::span<double> out) const override {
    random.FillNormal(step, out);
    for (double& x : out) x = std::clamp(mean_ + sd_ * x, low_, high_);
  }
  double lowest() const override { return low_; }
  double highest() const override { return high_; }

 private:
  double mean_, sd_, low_, high_;
};

ParameterSpec Bound(std::string name, std::string meaning) {
  return OptionalReal(std::move(name), "1", -kBound, kBound,
                      std::move(meaning));
}

void CheckOrder(const Component& c, const Component&, Faults& faults) {
  if (!c.Has("low") || !c.Has("high") || c.Real("low") <= c.Real("high")) {
    return;
  }
  faults.push_back({0, absl::StrCat(c.path, ".high"),
                    absl::StrCat("high = ", c.Real("high"), " is below low = ",
                                 c.Real("low"), "; make it larger")});
}

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
       .parameters = {Real("value", "1", 1, -kBound, kBound, "the number")}});
}

DistributionRow UniformRow() {
  return RowOfDistribution<Uniform>(
      {.type = "uniform",
       .summary = "every number between two with the same density",
       .equation = "x = low + (high - low) U",
       .parameters = {Real("low", "1", 0, -kBound, kBound, "smallest"),
                      Real("high", "1", 1, -kBound, kBound, "largest")},
       .check = CheckOrder});
}

DistributionRow NormalRow() {
  return RowOfDistribution<Normal>(
      {.type = "normal",
       .summary = "a normal distribution; what falls outside of its bounds is "
                  "put onto them",
       .equation = "x = min(max(mean + sd N(0, 1), low), high)",
       .parameters = {Real("mean", "1", 0, -kBound, kBound, "mean"),
                      Real("sd", "1", 1, 0, kBound, "standard deviation"),
                      Bound("low", "smallest; without one there is no bound"),
                      Bound("high", "largest; without one there is no bound")},
       .check = CheckOrder});
}

}  // namespace engram
