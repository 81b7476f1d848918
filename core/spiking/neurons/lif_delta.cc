#include "core/spiking/neurons/lif_delta.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neurons/group_inputs.h"
#include "core/spiking/neurons/propagators.h"

namespace engram {

template <class Real>
LifDelta<Real>::LifDelta(const Component& c, const PopulationShape& shape)
    : membrane_(c, shape.dt),
      decay_(static_cast<Real>(Decay(shape.dt, membrane_.tau))),
      gain_(static_cast<Real>(ConstantResponse(shape.dt, membrane_.tau) /
                              membrane_.capacitance)),
      is_threshold_first_(c.Text("order") == "threshold_first"),
      v_(InitialPotential<Real>(c, shape)),
      left_(shape.units, membrane_.refractory) {}

template <class Real>
int64_t LifDelta<Real>::Step(int64_t, int64_t begin, int64_t end,
                             std::span<const Real* const> inputs,
                             int32_t* spikes) {
  return left_.With(
      [&](auto* left) { return StepUnits(begin, end, inputs, left, spikes); });
}

template <class Real>
template <class Count>
int64_t LifDelta<Real>::StepUnits(int64_t begin, int64_t end,
                                  std::span<const Real* const> inputs,
                                  Count* counts, int32_t* spikes) {
  const LifConstants<Real> m(membrane_);
  const Real decay = decay_, gain = gain_;
  const Real share = is_threshold_first_ ? 0 : 1;
  const auto move = [&](int64_t at, auto size, uint8_t* flags) {
    const int64_t n = size;
    const GroupInputs<Real> in(inputs, at - begin);
    const Real *input = in[0], *current = in[1];
    Real* v = v_.data() + at;
    Count* left = counts + at;
#pragma GCC ivdep
    for (int64_t k = 0; k < n; ++k) {
      const Real next = m.rest + (v[k] - m.rest) * decay +
                        gain * (m.current + current[k]) + share * input[k];
      v[k] = Hold(next, m.reset, left[k]);
      flags[k] = v[k] >= m.threshold ? 1 : 0;
    }
  };
  const int64_t fired =
      StepInGroups(begin, end, spikes, move, [&](int64_t unit) {
        v_[unit] = m.reset;
        counts[unit] = static_cast<Count>(m.refractory);
      });
  if (is_threshold_first_ && inputs[0] != nullptr) {
    TakeInput(inputs[0], counts + begin, end - begin, v_.data() + begin);
  }
  return fired;
}

template <class Real>
template <class Count>
void LifDelta<Real>::TakeInput(const Real* input, const Count* left, int64_t n,
                               Real* v) {
#pragma GCC ivdep
  for (int64_t k = 0; k < n; ++k) v[k] += left[k] > 0 ? Real{0} : input[k];
}

template <class Real>
void LifDelta<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".refractory"), left_.State());
}

template class LifDelta<float>;
template class LifDelta<double>;

PopulationRow LifDeltaRow() {
  ComponentSpec spec{
      .type = "lif_delta",
      .summary = "leaky integrate-and-fire, input moves the potential at once",
      .equation =
          "tau_m v' = -(v - e_l) + (tau_m / c_m) I, v <- v + w at an "
          "input\n"
          "v >= v_th: v <- v_reset for t_ref, input is lost",
      .reference = "doi:10.1023/A:1008925309027",
      .parameters = LifParameters({.tau = 20,
                                   .capacitance = 200,
                                   .rest = 0,
                                   .threshold = 20,
                                   .reset = 10,
                                   .refractory = 2}),
      .slots = {InitialPotentialSlot()},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckLif(self, faults);
      }};
  spec.parameters.push_back(
      Choice("order", "input_first", {"input_first", "threshold_first"},
             "whether a step's input counts before its test of the threshold "
             "or after it"));
  return RowOfPopulation<LifDelta>(std::move(spec),
                                   {{"input", "mV", "jump of the potential"},
                                    {"current", "pA", "current for one step"}},
                                   {"v", "refractory"});
}

}  // namespace engram
