#include "core/rules/unlearning.h"

#include "core/rules/catalog.h"

namespace engram {

RuleRow UnlearningRow() {
  return RowOfRule<Unlearning>(
      {.type = "unlearning",
       .summary = "takes a little of the present state out of the weights, "
                  "once a step",
       .equation = "w_ij <- w_ij - (epsilon / n_pre) r_i r_j",
       .reference = "doi:10.1038/304158a0",
       .parameters = {Real("epsilon", "1", 0.01, 0, 10,
                           "share of a state that is taken out")}},
      {Signal::kRates});
}

}  // namespace engram
