#pragma once

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/rules/plasticity.h"
#include "core/rules/signals.h"
#include "core/rules/sparse_weights.h"

namespace engram {

// One step of a plasticity on dense weights (n_post, n_pre), or on the synapses
// that exist: every weight crosses memory once (twice where a part needs sums
// over rows), then the traces move. Of a
// recurrent projection the dense diagonal stays 0. The same bits whatever the
// threads. Allocates nothing. For Real = float and double.
template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               Array<Real>& w, Parallel& parallel);
template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               SparseWeights<Real>& w, Parallel& parallel);

}  // namespace engram
