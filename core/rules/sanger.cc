#include "core/rules/sanger.h"

#include "core/rules/catalog.h"

namespace engram {

RuleRow SangerRow() {
  return RowOfRule<Sanger>(
      {.type = "sanger",
       .summary = "generalised Hebbian algorithm: the units learn the leading "
                  "eigenvectors of their input's correlations, in order",
       .equation = "dw_ij/dt = eta r_i (r_j - sum_{k <= i} r_k w_kj)",
       .reference = "doi:10.1016/0893-6080(89)90044-0",
       .parameters = {LearningRate()}},
      {Signal::kRates});
}

}  // namespace engram
