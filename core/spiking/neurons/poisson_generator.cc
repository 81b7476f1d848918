#include "core/spiking/neurons/poisson_generator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/geometric.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/collect_spikes.h"
#include "core/spiking/neurons/generator_parameters.h"
#include "core/spiking/neurons/initial_values.h"

namespace engram {
namespace {

// A gap beyond any run, so that sums of steps stay far from overflow.
constexpr double kLongest = 1e15;

std::vector<double> RatesOf(const Component& c) {
  if (c.Has("rates")) return c.Reals("rates");
  return {c.Real("rate")};
}

std::string TooFast(const Component& c, double dt) {
  double largest = 0;
  for (double rate : RatesOf(c)) largest = std::max(largest, rate);
  return RateAboveStep(largest, dt);
}

void Check(const Component& self, const Component&, Faults& faults) {
  if (self.Has("rates")) {
    CheckOneForEachUnit(self, "rates", self.Reals("rates").size(), faults);
  }
  if (self.Has("stop") && self.Real("stop") < self.Real("start")) {
    faults.push_back({0, absl::StrCat(self.path, ".stop"),
                      absl::StrCat("stop = ", self.Real("stop"),
                                   " ms is before start = ", self.Real("start"),
                                   " ms; make it later")});
  }
}

}  // namespace

template <class Real>
PoissonGenerator<Real>::PoissonGenerator(const Component& c,
                                         const PopulationShape& shape)
    : random_(shape.seed, c.path, "gaps"),
      stop_(c.Has("stop") ? std::llround(c.Real("stop") / shape.dt)
                          : std::numeric_limits<int64_t>::max()),
      next_(shape.units) {
  for (double rate : RatesOf(c)) {
    const double p = rate * 1e-3 * shape.dt;
    // 0 stands for a unit that fires in every step, NaN for one that never
    // does.
    scale_.push_back(p <= 0  ? std::numeric_limits<double>::quiet_NaN()
                     : p < 1 ? 1 / LogOfSilence(p)
                             : 0);
  }
  const RandomStream first(shape.seed, c.path, "first_gap");
  const int64_t start = std::llround(c.Real("start") / shape.dt);
  for (int64_t k = 0; k < shape.units; ++k) {
    next_[k] = start - 1 + Gap(k, first.Uniform(k, 0));
  }
}

template <class Real>
int64_t PoissonGenerator<Real>::Gap(int64_t unit, double uniform) const {
  const double scale =
      scale_[scale_.size() == 1 ? 0 : static_cast<size_t>(unit)];
  if (std::isnan(scale)) return static_cast<int64_t>(kLongest);
  const double silent = std::floor(math::Log(uniform) * scale);
  return 1 + static_cast<int64_t>(std::min(silent, kLongest));
}

template <class Real>
int64_t PoissonGenerator<Real>::Step(int64_t step, int64_t begin, int64_t end,
                                     std::span<const Real* const>,
                                     int32_t* spikes) {
  if (step >= stop_) return 0;
  int64_t* next = next_.data() + begin;
  return CollectSpikes(
      begin, end, spikes, [&](int64_t k) { return next[k] == step; },
      [&](int64_t k) {
        next[k] += Gap(begin + k, random_.Uniform(begin + k, step));
      });
}

template <class Real>
void PoissonGenerator<Real>::VisitState(absl::string_view prefix,
                                        StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".next"), StateOf(next_, "1"));
}

template class PoissonGenerator<float>;
template class PoissonGenerator<double>;

PopulationRow PoissonGeneratorRow() {
  ParameterSpec rates = OptionalReal("rates", "Hz", 0, 1e6,
                                     "of each unit, instead of one for all");
  rates.list_rank = 1;
  ComponentSpec spec{
      .type = "poisson_generator",
      .summary = "units that fire at random, each with a constant rate",
      .equation = "in each step, P(spike) = rate dt",
      .reference = "",
      .parameters = {Real("rate", "Hz", 10, 0, 1e6, "of each unit"),
                     std::move(rates),
                     Real("start", "ms", 0, 0, 1e12, "no spike before"),
                     OptionalReal("stop", "ms", 0, 1e12,
                                  "no spike from then on; never without one")},
      .check = Check};
  return RowOfPopulation<PoissonGenerator>(std::move(spec), {}, {"next"},
                                           TooFast);
}

}  // namespace engram
