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
//
// Where nobody looks at the weights between steps, ApplyRuleUnsettled crosses
// memory once a step also where a part needs sums over rows: what follows the
// sums waits for the next step. Settle does it before anybody looks; whatever
// else reads the weights in between finds them unfinished. Steps and Settle
// give the bits of as many calls of ApplyRule.
template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               Array<Real>& w, Parallel& parallel);
template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               SparseWeights<Real>& w, Parallel& parallel);
template <class Real>
void ApplyRuleUnsettled(Plasticity<Real>& plasticity, const Signals<Real>& s,
                        Array<Real>& w, Parallel& parallel);
template <class Real>
void ApplyRuleUnsettled(Plasticity<Real>& plasticity, const Signals<Real>& s,
                        SparseWeights<Real>& w, Parallel& parallel);
template <class Real>
void Settle(Plasticity<Real>& plasticity, Array<Real>& w, Parallel& parallel);
template <class Real>
void Settle(Plasticity<Real>& plasticity, SparseWeights<Real>& w,
            Parallel& parallel);

}  // namespace engram
