#include "core/analyses/systems/rate_parameters.h"

#include <memory>
#include <utility>

namespace engram {

std::vector<ParameterSpec> RateParameters() {
  return {Real("tau", "ms", 20, 0.1, 10000, "time constant of the potential"),
          Real("theta", "1", 0.5, -100, 100, "potential at half the rate"),
          Real("t_phi", "1", 0.1, 1e-4, 100, "width of the gain function"),
          Real("w_inhibition", "1", 2, 0, 1000,
               "strength of the inhibition by the mean rate")};
}

GainFunction LogisticGain(const Component& component) {
  return {.shape = GainShape::kLogistic,
          .theta = component.Real("theta"),
          .t = component.Real("t_phi")};
}

std::unique_ptr<Dynamics> EqualUnits(Array<double> coupling,
                                     const Component& component) {
  const int64_t n = coupling.rows();
  Array<double> tau(n);
  for (double& t : tau.span()) t = component.Real("tau");
  return std::make_unique<RateDynamics>(std::move(coupling), Array<double>(n),
                                        std::move(tau),
                                        LogisticGain(component));
}

}  // namespace engram
