#include <memory>

#include "core/rules/catalog.h"
#include "core/rules/hebbian.h"

namespace engram {

RuleRow AntiHebbianRow() {
  ComponentSpec spec{
      .kind = Kind::kRule,
      .type = "anti_hebbian",
      .summary =
          "anti-Hebbian learning: weights fall between units that are "
          "active together",
      .equation = "dw_ij/dt = -eta r_i r_j",
      .reference = "doi:10.1038/304158a0",
      .parameters = {LearningRate()},
      .slots = {},
      .outputs = {},
      .check = {}};
  return {std::move(spec), {}, [](const Component& c, int64_t, int64_t) {
            return std::unique_ptr<Rule>(new Hebbian(-c.Real("eta")));
          }};
}

}  // namespace engram
