#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/array.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// What the weights (n_post, n_pre) learned, seen by item. Thread-safe.

// B (n_items, n_items): mean of the weights from the units of item l to those
// of item k, without those from a unit to itself.
Array<double> BlockMeans(const Array<double>& w, const SequenceTask& task);

// (|Ws|^2 - |Wa|^2) / (|Ws|^2 + |Wa|^2) with Ws, Wa = (W +- W') / 2: 1 is
// symmetric, -1 antisymmetric. Empty when all weights are 0.
std::optional<double> SymmetryIndex(const Array<double>& w);

// Mean of B[k + 1, k] less mean of B[k, k + 1]: forward less backward.
double SequentialCoupling(const Array<double>& b);

// Mean over k of B[k + d, k] for d = -(K - 1)..K - 1; element d + K - 1.
std::vector<double> BandProfile(const Array<double>& b);

// Units of item 1, of item 2, ... (a shared unit with its first), then all
// others in their own order.
std::vector<int64_t> UnitsByItem(const SequenceTask& task, int64_t units);
// Rows and columns of w in that order.
Array<double> Reordered(const Array<double>& w,
                        const std::vector<int64_t>& order);

}  // namespace engram
