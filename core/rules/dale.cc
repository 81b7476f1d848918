#include "core/rules/dale.h"

#include <cmath>

#include "core/rules/catalog.h"

namespace engram {

int64_t FirstInhibitory(const Component& component, int64_t n_pre) {
  return std::llround(component.Real("excitatory_share") *
                      static_cast<double>(n_pre));
}

PartRow DaleRow() {
  return {.spec = {.kind = Kind::kSignLaw,
                   .type = "dale",
                   .summary = "Dale's law: all weights of one presynaptic unit "
                              "have one sign",
                   .equation = "w_ij <- max(w_ij, 0) for excitatory j\n"
                               "w_ij <- min(w_ij, 0) for inhibitory j",
                   .reference = "doi:10.1371/journal.pcbi.1004792",
                   .parameters = {
                       Real("excitatory_share", "1", 0.8, 0, 1,
                            "of the presynaptic units, the first ones")}}};
}

}  // namespace engram
