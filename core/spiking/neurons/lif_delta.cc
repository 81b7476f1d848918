#include "core/spiking/neurons/lif_delta.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
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
      left_(shape.units) {}

template <class Real>
int64_t LifDelta<Real>::Step(int64_t, int64_t begin, int64_t end,
                             std::span<const Real* const> inputs,
                             int32_t* spikes) {
  const int64_t n = end - begin;
  Move(begin, n, inputs[0], inputs[1], !is_threshold_first_);
  const int64_t fired = FireLif(v_.data() + begin, left_.data() + begin, begin,
                                n, membrane_, spikes);
  if (is_threshold_first_) TakeInput(begin, n, inputs[0]);
  return fired;
}

template <class Real>
void LifDelta<Real>::Move(int64_t begin, int64_t n, const Real* input,
                          const Real* current, bool takes_input) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict left = left_.data() + begin;
  const Real decay = decay_, gain = gain_;
  const Real rest = static_cast<Real>(membrane_.rest);
  const Real reset = static_cast<Real>(membrane_.reset);
  const Real constant = static_cast<Real>(membrane_.current);
  const Real share = takes_input ? 1 : 0;
  for (int64_t k = 0; k < n; ++k) {
    const Real next = rest + (v[k] - rest) * decay +
                      gain * (constant + current[k]) + share * input[k];
    const bool is_held = left[k] > 0;
    v[k] = is_held ? reset : next;
    left[k] = is_held ? left[k] - 1 : Real{0};
  }
}

template <class Real>
void LifDelta<Real>::TakeInput(int64_t begin, int64_t n, const Real* input) {
  Real* __restrict v = v_.data() + begin;
  const Real* left = left_.data() + begin;
  for (int64_t k = 0; k < n; ++k) {
    v[k] += left[k] > 0 ? Real{0} : input[k];
  }
}

template <class Real>
void LifDelta<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".refractory"), StateOf(left_, "1"));
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
