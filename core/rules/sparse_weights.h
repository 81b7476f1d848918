#pragma once

#include <cstdint>

#include "core/base/array.h"

namespace engram {

// Weights (n_post, n_pre) of the synapses that exist, by presynaptic unit: a
// spike of unit j meets the synapses starts[j] .. starts[j + 1], whose
// postsynaptic units `rows` ascend within a column.
template <class Real>
struct SparseWeights {
  int64_t n_post = 0, n_pre = 0;
  Array<int64_t> starts;  // (n_pre + 1)
  Array<int32_t> rows;    // (synapses)
  Array<Real> weights;    // (synapses)
};

}  // namespace engram
