#include "core/spiking/neurons/izhikevich.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/collect_spikes.h"

namespace engram {
namespace {

constexpr double kLargestStep = 1;  // [ms]

std::string Unstable(const Component&, double dt) {
  if (dt <= kLargestStep) return "";
  return absl::StrCat("dt = ", dt, " ms is above ", kLargestStep,
                      " ms, the longest step for which Izhikevich's model is "
                      "stable; make it smaller");
}

}  // namespace

template <class Real>
Izhikevich<Real>::Izhikevich(const Component& c, const PopulationShape& shape)
    : a_(static_cast<Real>(c.Real("a"))),
      b_(static_cast<Real>(c.Real("b"))),
      c_(static_cast<Real>(c.Real("c"))),
      d_(static_cast<Real>(c.Real("d"))),
      half_dt_(static_cast<Real>(shape.dt / 2)),
      dt_(static_cast<Real>(shape.dt)),
      v_(shape.units),
      u_(shape.units) {
  v_.Fill(static_cast<Real>(c.Real("v0")));
  u_.Fill(static_cast<Real>(c.Real("b") * c.Real("v0")));
}

template <class Real>
int64_t Izhikevich<Real>::Step(int64_t, int64_t begin, int64_t end,
                               std::span<const Real* const> inputs,
                               int32_t* spikes) {
  const Real* __restrict input = inputs[0];
  Real* __restrict v = v_.data() + begin;
  Real* __restrict u = u_.data() + begin;
  const int64_t size = end - begin;
  for (int64_t k = 0; k < size; ++k) {
    Real x = v[k];
    const Real drive = Real{140} - u[k] + input[k];
    x += half_dt_ * ((Real(0.04) * x + Real{5}) * x + drive);
    x += half_dt_ * ((Real(0.04) * x + Real{5}) * x + drive);
    v[k] = x;
    u[k] += dt_ * a_ * (b_ * x - u[k]);
  }
  return CollectSpikes(
      begin, end, spikes, [&](int64_t k) { return v[k] >= Real{30}; },
      [&](int64_t k) {
        v[k] = c_;
        u[k] += d_;
      });
}

template <class Real>
void Izhikevich<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".u"), StateOf(u_, "mV/ms"));
}

PopulationRow IzhikevichRow() {
  return RowOfPopulation<Izhikevich>(
      {.type = "izhikevich",
       .summary = "Izhikevich's simple model: two variables, four parameters",
       .equation = "v' = 0.04 v^2 + 5 v + 140 - u + I, u' = a (b v - u)\n"
                   "v >= 30: v <- c, u <- u + d",
       .reference = "doi:10.1109/TNN.2003.820440",
       .parameters = {Real("a", "1/ms", 0.02, -10, 10, "speed of recovery"),
                      Real("b", "1/ms", 0.2, -10, 10,
                           "how recovery follows the potential"),
                      Real("c", "mV", -65, -200, 30, "potential after a spike"),
                      Real("d", "mV/ms", 8, -1000, 1000,
                           "recovery gained by a spike"),
                      Real("v0", "mV", -65, -200, 30,
                           "potential at the "
                           "start")}},
      {{"current", "mV/ms", "input of one step"}}, {"v", "u"}, Unstable);
}

}  // namespace engram
