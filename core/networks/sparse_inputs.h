#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/base/random.h"

namespace engram {

// Which units project to which: every unit has the same number of inputs,
// drawn at random from the others, without repetition. Column i of `pre`
// (in_degree, n_units) holds the inputs of unit i in rising order.
//
// Drawn by Floyd's method (Bentley and Floyd 1987, doi:10.1145/30401.315746),
// one number an input, addressed by (input, unit).
Array<int32_t> DrawInputs(int64_t units, int64_t in_degree,
                          const RandomStream& stream, Parallel& parallel);

// out[i] += sum over k of w(k, i) r[pre(k, i)] for i in [begin, end), in the
// order of the inputs. Allocates nothing.
void AddSparseProduct(const Array<int32_t>& pre, const Array<double>& w,
                      std::span<const double> r, int64_t begin, int64_t end,
                      double* out);

}  // namespace engram
