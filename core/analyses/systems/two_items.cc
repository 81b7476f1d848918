#include "core/analyses/systems/catalog.h"
#include "core/analyses/systems/rate_parameters.h"

namespace engram {
namespace {

absl::StatusOr<System> Make(const Component& c, const Inputs&) {
  const double gain = c.Real("gain");
  const double inhibition =
      c.Real("w_inhibition") / static_cast<double>(c.Integer("items"));
  System system;
  system.weights = Array<double>(2, 2);
  system.weights(0, 0) = system.weights(1, 1) = gain * c.Real("self");
  system.weights(1, 0) = gain * c.Real("forward");
  system.weights(0, 1) = gain * c.Real("backward");
  Array<double> coupling = system.weights;
  for (double& m : coupling.span()) m -= inhibition;
  system.dynamics = EqualUnits(std::move(coupling), c);
  return system;
}

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Real("self", "1", 1, -100, 100, "learned block of an item with itself"),
      Real("forward", "1", 0, -100, 100, "from the first item to the second"),
      Real("backward", "1", 0, -100, 100, "from the second to the first"),
      Real("gain", "1", 2, 0, 1000, "factor on the learned blocks"),
      Integer("items", 10, 2, 100000,
              "items K of the network, which share the inhibition")};
  for (ParameterSpec& spec : RateParameters()) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

}  // namespace

SystemRow TwoItemsRow() {
  ComponentSpec spec{
      .kind = Kind::kSystem,
      .type = "two_items",
      .summary =
          "two neighbouring items of a learned sequence, one variable "
          "each, all others silent",
      .equation =
          "tau dx/dt = -x + M phi(x), phi(x) = 1 / (1 + exp(-(x - theta) / "
          "t_phi))\n"
          "M = gain [[self, backward], [forward, self]] - w_inhibition / items",
      .reference = "doi:10.1073/pnas.81.10.3088",
      .parameters = Parameters(),
      .slots = {},
      .outputs = {},
      .check = {}};
  return {.spec = std::move(spec),
          .make = Make,
          .size = [](const Component&) -> int64_t { return 2; },
          .has_weights = [](const Component&) { return true; },
          .has_patterns = [](const Component&) { return false; }};
}

}  // namespace engram
