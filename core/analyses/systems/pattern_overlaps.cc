#include <memory>

#include "core/analyses/dynamics/overlap_dynamics.h"
#include "core/analyses/systems/catalog.h"

namespace engram {
namespace {

absl::StatusOr<System> Make(const Component& c, const Inputs&) {
  System system;
  system.dynamics = std::make_unique<OverlapDynamics>(
      OverlapParameters{.patterns = c.Integer("patterns"),
                        .strength = c.Real("strength"),
                        .gain_width = c.Real("gain_width"),
                        .tau = c.Real("tau"),
                        .is_cycle = c.Boolean("cycle")});
  return system;
}

}  // namespace

SystemRow PatternOverlapsRow() {
  ComponentSpec spec{
      .kind = Kind::kSystem,
      .type = "pattern_overlaps",
      .summary =
          "overlaps of a network with the Gaussian patterns of a stored "
          "sequence, for a large number of units",
      .equation =
          "tau dkappa_mu/dt = -kappa_mu + strength kappa_(mu-1) sqrt(2/pi) "
          "(gain_width^2 + sum_nu kappa_nu^2)^(-1/2)",
      .reference = "doi:10.1073/pnas.1918674117",
      .parameters = {Integer("patterns", 2, 2, 1000, "patterns P"),
                     Real("strength", "1", 1, 0, 1000,
                          "of the stored sequence"),
                     Real("gain_width", "1", 0.5, 1e-3, 1000,
                          "of phi(h) = erf(h / (sqrt 2 gain_width))"),
                     Real("tau", "ms", 10, 0.1, 10000, "time constant"),
                     Boolean("cycle", false,
                             "the first pattern follows the last one")},
      .slots = {},
      .outputs = {},
      .check = {}};
  return {.spec = std::move(spec),
          .make = Make,
          .size = [](const Component& c) { return c.Integer("patterns"); },
          .has_weights = [](const Component&) { return false; },
          .has_patterns = [](const Component&) { return false; }};
}

}  // namespace engram
