#include "core/rules/oja.h"

#include "core/rules/catalog.h"

namespace engram {

RuleRow OjaRow() {
  return RowOfRule<Oja>(
      {.type = "oja",
       .summary = "Hebbian learning with a decay that bounds each unit's "
                  "weights",
       .equation = "dw_ij/dt = eta (r_i r_j - alpha r_i^2 w_ij)",
       .reference = "doi:10.1007/BF00275687",
       .parameters = {LearningRate(),
                      Real("alpha", "1", 50, 0, 1e9,
                           "decay; a row's norm tends to alpha^(-1/2)")}},
      {Signal::kRates});
}

}  // namespace engram
