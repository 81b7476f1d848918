#include "core/rules/subspace.h"

#include "core/rules/catalog.h"

namespace engram {

RuleRow SubspaceRow() {
  return RowOfRule<Subspace>(
      {.type = "subspace",
       .summary = "Oja's subspace rule: the units together learn the span of "
                  "the leading eigenvectors of their input's correlations",
       .equation = "dw_ij/dt = eta r_i (r_j - sum_k r_k w_kj)",
       .reference = "doi:10.1142/S0129065789000475",
       .parameters = {LearningRate()}},
      {Signal::kRates});
}

}  // namespace engram
