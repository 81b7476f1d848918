#include "core/spiking/neurons/lif_membrane.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/spiking/neurons/initial_values.h"

namespace engram {

LifMembrane::LifMembrane(const Component& c, double dt)
    : tau(c.Real("tau_m")),
      capacitance(c.Real("c_m")),
      rest(c.Real("e_l")),
      threshold(c.Real("v_th")),
      reset(c.Real("v_reset")),
      current(c.Real("current")),
      refractory(std::llround(c.Real("t_ref") / dt)) {}

std::vector<ParameterSpec> LifParameters(const LifDefaults& d) {
  return {Real("tau_m", "ms", d.tau, 0.01, 1e6, "of the membrane"),
          Real("c_m", "pF", d.capacitance, 1e-3, 1e6,
               "capacitance, by which currents move the potential"),
          Real("e_l", "mV", d.rest, -1000, 1000, "resting potential"),
          Real("v_th", "mV", d.threshold, -1000, 1000,
               "a unit fires in the step after which v >= v_th"),
          Real("v_reset", "mV", d.reset, -1000, 1000,
               "potential after a spike, and in the refractory time"),
          Real("t_ref", "ms", d.refractory, 0, 1e4,
               "refractory time, rounded to whole steps"),
          Real("current", "pA", 0, -1e9, 1e9, "constant input")};
}

void CheckLif(const Component& self, Faults& faults) {
  if (self.Real("v_reset") < self.Real("v_th")) return;
  faults.push_back(
      {0, absl::StrCat(self.path, ".v_reset"),
       absl::StrCat("v_reset = ", self.Real("v_reset"),
                    " mV is not below v_th = ", self.Real("v_th"),
                    " mV, so a unit that fires would fire in every step; make "
                    "it lower")});
}

template <class Real>
Array<Real> InitialPotential(const Component& c, const PopulationShape& shape) {
  return InitialValues<Real>(c, shape, "initial_v", c.Real("e_l"));
}

template Array<float> InitialPotential(const Component&,
                                       const PopulationShape&);
template Array<double> InitialPotential(const Component&,
                                        const PopulationShape&);

SlotSpec InitialPotentialSlot() {
  return InitialSlot("initial_v", "mV", "v at time 0 [mV]; e_l without one");
}

std::string UnstableFilter(const std::string& name, double tau, double dt) {
  if (dt <= 2 * tau) return "";
  return absl::StrCat("dt = ", dt, " ms is above 2 ", name, " = ", 2 * tau,
                      " ms, beyond which Euler's method grows without bound; "
                      "make it smaller");
}

}  // namespace engram
