#include "core/spiking/neurons/izhikevich.h"

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/collect_spikes.h"
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
  const int64_t n = end - begin;
  switch (integration_) {
    case IzhikevichIntegration::kHalfSteps:
      HalfSteps(begin, n, inputs[0]);
      break;
    case IzhikevichIntegration::kEulerOldV:
      EulerOldV(begin, n, inputs[0]);
      break;
    case IzhikevichIntegration::kEulerNewV:
      EulerNewV(begin, n, inputs[0]);
      break;
    case IzhikevichIntegration::kEuler:
      Euler(begin, n, inputs[0]);
      break;
  }
  Real* v = v_.data() + begin;
  return CollectSpikes(
      begin, end, spikes,
      [&](int64_t k) { return v[k] >= static_cast<Real>(kPeak); },
      [&](int64_t k) {
        v[k] = c_[begin + k];
        u_[begin + k] += d_[begin + k];
      });
}

template <class Real>
void Izhikevich<Real>::HalfSteps(int64_t begin, int64_t n, const Real* input) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict u = u_.data() + begin;
  const Real* a = a_.data() + begin;
  const Real* b = b_.data() + begin;
  const Form form = form_;
  for (int64_t k = 0; k < n; ++k) {
    Real next = v[k] + form.half_dt * form.Slope(v[k], u[k], input[k]);
    next += form.half_dt * form.Slope(next, u[k], input[k]);
    v[k] = next;
    u[k] += form.Recovery(a[k], b[k], next, u[k]);
  }
}

template <class Real>
void Izhikevich<Real>::EulerOldV(int64_t begin, int64_t n, const Real* input) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict u = u_.data() + begin;
  const Real* a = a_.data() + begin;
  const Real* b = b_.data() + begin;
  const Form form = form_;
  for (int64_t k = 0; k < n; ++k) {
    const Real old = v[k];
    v[k] += form.dt * form.Slope(old, u[k], input[k]);
    u[k] += form.Recovery(a[k], b[k], old, u[k]);
  }
}

template <class Real>
void Izhikevich<Real>::EulerNewV(int64_t begin, int64_t n, const Real* input) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict u = u_.data() + begin;
  const Real* a = a_.data() + begin;
  const Real* b = b_.data() + begin;
  const Form form = form_;
  for (int64_t k = 0; k < n; ++k) {
    v[k] += form.dt * form.Slope(v[k], u[k], input[k]);
    u[k] += form.Recovery(a[k], b[k], v[k], u[k]);
  }
}

template <class Real>
void Izhikevich<Real>::Euler(int64_t begin, int64_t n, const Real* input) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict u = u_.data() + begin;
  const Real* a = a_.data() + begin;
  const Real* b = b_.data() + begin;
  const Form form = form_;
  for (int64_t k = 0; k < n; ++k) {
    const Real old = v[k];
    v[k] += form.dt * form.Slope(old, u[k], Real{0}) + input[k];
    u[k] += form.Recovery(a[k], b[k], old, u[k]);
  }
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
      .slots = {InitialSlot("initial_v", "v at time 0 [mV]; -65 without one"),
                InitialSlot("initial_u", "u at time 0; b v without one")}};
  return RowOfPopulation<Izhikevich>(
      std::move(spec),
      {{"input", "1", "part of I for one step; for euler a jump of v [mV]"}},
      {"v", "u", "a", "b", "c", "d"}, UnstableIzhikevich);
}

}  // namespace engram
