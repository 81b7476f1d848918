#pragma once

#include <cstdint>

#include "core/base/array.h"
#include "core/rules/sparse_weights.h"

namespace engram {

// Synapses of a network whose units get the inputs `pre` (n_inputs, n_units),
// listed by presynaptic unit; weights 0.
SparseWeights<double> SynapsesOf(const Array<int32_t>& pre);

// Between the list and the matrix (n_post, n_pre) that has 0 elsewhere.
// Allocate nothing.
void Gather(const Array<double>& matrix, SparseWeights<double>& synapses);
void Scatter(const SparseWeights<double>& synapses, Array<double>& matrix);

}  // namespace engram
