#include "core/spiking/neurons/izhikevich.h"

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/collect_spikes.h"
#include "core/spiking/neurons/group_inputs.h"
#include "core/spiking/neurons/initial_values.h"
#include "core/spiking/neurons/izhikevich_cells.h"
#include "core/spiking/neurons/unit_variation.h"

namespace engram {
namespace {

constexpr double kPeak = 30;        // [mV]
constexpr double kStart = -65;      // v at time 0 [mV]
constexpr double kLargestStep = 1;  // [ms]
constexpr double kLargestValue = 1e6;

IzhikevichIntegration IntegrationOf(const Component& c) {
  const std::string& name = c.Text("integration");
  if (name == "half_steps") return IzhikevichIntegration::kHalfSteps;
  if (name == "euler_old_v") return IzhikevichIntegration::kEulerOldV;
  if (name == "euler_new_v") return IzhikevichIntegration::kEulerNewV;
  ENGRAM_EXPECT(name == "euler");
  return IzhikevichIntegration::kEuler;
}

std::string UnstableIzhikevich(const Component&, double dt) {
  if (dt <= kLargestStep) return "";
  return absl::StrCat("dt = ", dt, " ms is above ", kLargestStep,
                      " ms, up to which Izhikevich's model is integrated; make "
                      "it smaller");
}

}  // namespace

template <class Real>
Izhikevich<Real>::Izhikevich(const Component& c, const PopulationShape& shape)
    : integration_(IntegrationOf(c)) {
  const IzhikevichCell& cell = FindIzhikevichCell(c.Text("cell"));
  const auto real = [](double x) { return static_cast<Real>(x); };
  form_ = {.square = real(c.Real("square")),
           .linear = real(RealOr(c, "linear", cell.linear)),
           .constant = real(RealOr(c, "constant", cell.constant)),
           .shift = real(cell.shift),
           .leak = real(cell.leak),
           .current = real(c.Real("current")),
           .dt = real(shape.dt),
           .half_dt = real(0.5 * shape.dt)};
  const UnitVariation variation(c, shape);
  a_ = variation.Values<Real>("a", RealOr(c, "a", cell.a));
  b_ = variation.Values<Real>("b", RealOr(c, "b", cell.b));
  c_ = variation.Values<Real>("c", RealOr(c, "c", cell.c));
  d_ = variation.Values<Real>("d", RealOr(c, "d", cell.d));
  v_ = InitialValues<Real>(c, shape, "initial_v", kStart);
  u_ = InitialValues<Real>(c, shape, "initial_u", 0);
  for (int64_t k = 0; k < shape.units; ++k) {
    if (c.Find("initial_u") == nullptr) u_[k] = b_[k] * v_[k];
  }
}

template <class Real>
int64_t Izhikevich<Real>::Step(int64_t, int64_t begin, int64_t end,
                               std::span<const Real* const> inputs,
                               int32_t* spikes) {
  using enum IzhikevichIntegration;
  switch (integration_) {
    case kHalfSteps:
      return StepUnits<kHalfSteps>(begin, end, inputs, spikes);
    case kEulerOldV:
      return StepUnits<kEulerOldV>(begin, end, inputs, spikes);
    case kEulerNewV:
      return StepUnits<kEulerNewV>(begin, end, inputs, spikes);
    case kEuler:
      return StepUnits<kEuler>(begin, end, inputs, spikes);
  }
  ENGRAM_EXPECT(false && "no such integration");
}

template <class Real>
template <IzhikevichIntegration kIntegration>
void Izhikevich<Real>::Form::Move(Real& v, Real& u, Real a, Real b,
                                  Real input) const {
  using enum IzhikevichIntegration;
  const Real old = v;
  if constexpr (kIntegration == kHalfSteps) {
    v += half_dt * Slope(v, u, input);
    v += half_dt * Slope(v, u, input);
  } else if constexpr (kIntegration == kEuler) {
    v += dt * Slope(v, u, Real{0}) + input;
  } else {
    v += dt * Slope(v, u, input);
  }
  constexpr bool kSeesOldV =
      kIntegration == kEulerOldV || kIntegration == kEuler;
  u += Recovery(a, b, kSeesOldV ? old : v, u);
}

template <class Real>
template <IzhikevichIntegration kIntegration>
int64_t Izhikevich<Real>::StepUnits(int64_t begin, int64_t end,
                                    std::span<const Real* const> inputs,
                                    int32_t* spikes) {
  const Form form = form_;
  const auto move = [&](int64_t at, auto size, uint8_t* flags) {
    const int64_t n = size;
    const Real* input = GroupInputs<Real>(inputs, at - begin)[0];
    Real *v = v_.data() + at, *u = u_.data() + at;
    const Real *a = a_.data() + at, *b = b_.data() + at;
#pragma GCC ivdep
    for (int64_t k = 0; k < n; ++k) {
      Real next_v = v[k], next_u = u[k];
      form.template Move<kIntegration>(next_v, next_u, a[k], b[k], input[k]);
      v[k] = next_v;
      u[k] = next_u;
      flags[k] = next_v >= static_cast<Real>(kPeak) ? 1 : 0;
    }
  };
  return StepInGroups(begin, end, spikes, move, [&](int64_t unit) {
    v_[unit] = c_[unit];
    u_[unit] += d_[unit];
  });
}

template <class Real>
void Izhikevich<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".u"), StateOf(u_, "1"));
  v.Fixed(absl::StrCat(prefix, ".a"), StateOf(a_, "1/ms"));
  v.Fixed(absl::StrCat(prefix, ".b"), StateOf(b_, "1"));
  v.Fixed(absl::StrCat(prefix, ".c"), StateOf(c_, "mV"));
  v.Fixed(absl::StrCat(prefix, ".d"), StateOf(d_, "1"));
}

template class Izhikevich<float>;
template class Izhikevich<double>;

PopulationRow IzhikevichRow() {
  const double most = kLargestValue;
  ComponentSpec spec{
      .type = "izhikevich",
      .summary =
          "Izhikevich's simple model: a quadratic membrane with a "
          "recovery variable",
      .equation =
          "v' = square v^2 + linear v + constant - u + I\n"
          "u' = a (b v - u)\n"
          "v >= 30: v <- c, u <- u + d\n"
          "accommodation: u' = a b (v + 65)",
      .reference = "doi:10.1109/TNN.2003.820440",
      .parameters =
          {Choice("cell", "RS", IzhikevichCellNames(),
                  "type of cell, which gives what is not given below"),
           OptionalReal("a", "1/ms", -100, 100, "rate of the recovery"),
           OptionalReal("b", "1", -100, 100,
                        "how far the recovery follows the potential"),
           OptionalReal("c", "mV", -200, 29, "potential after a spike"),
           OptionalReal("d", "1", -most, most, "step of u by a spike"),
           RangeOf("a", "1/ms"), RangeOf("b", "1"), RangeOf("c", "mV"),
           RangeOf("d", "1"), RangePower(),
           Real("square", "1/(mV ms)", 0.04, 0, 100, "factor of v^2"),
           OptionalReal("linear", "1/ms", -1000, 1000, "factor of v"),
           OptionalReal("constant", "mV/ms", -most, most,
                        "what does not depend on v"),
           Real("current", "1", 0, -most, most, "constant part of I"),
           Choice("integration", "half_steps",
                  {"half_steps", "euler_old_v", "euler_new_v", "euler"},
                  "half_steps: v twice by half a step, then u with the new v; "
                  "euler_old_v: both from their old values; euler_new_v: v, "
                  "then u with the new v; euler: as euler_old_v, and input "
                  "moves v by its weight at the end of the step")},
      .slots = {
          InitialSlot("initial_v", "mV", "v at time 0 [mV]; -65 without one"),
          InitialSlot("initial_u", "1", "u at time 0; b v without one")}};
  return RowOfPopulation<Izhikevich>(
      std::move(spec),
      {{"input", "1", "part of I for one step; for euler a jump of v [mV]"}},
      {"v", "u", "a", "b", "c", "d"}, UnstableIzhikevich);
}

}  // namespace engram
