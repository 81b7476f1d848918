#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/array.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// How alike the weights of two networks of one size are, once their units are
// matched: raw weights of networks with other assignments of units have nothing
// in common even where the circuits are the same.

// Correlation of V(i, j) with W(match(i), match(j)) over i != j; empty when one
// of them does not vary.
std::optional<double> WeightCorrelation(const Array<double>& v,
                                        const Array<double>& w,
                                        const std::vector<int64_t>& match);

// Unit i with unit i.
std::vector<int64_t> MatchByNumber(int64_t units);
// Unit a of item k with unit a of item k, others in their order.
std::vector<int64_t> MatchByItem(const SequenceTask& a, const SequenceTask& b,
                                 int64_t units);
// Units with the unit whose recorded activity (n_steps, n_units) is nearest,
// so that the summed squared distance is the smallest (CheapestAssignment):
// needs no knowledge of items.
std::vector<int64_t> MatchByActivity(const Array<double>& a,
                                     const Array<double>& b);

}  // namespace engram
