#include "core/networks/product.h"

#include <algorithm>

namespace engram {
namespace {

// Weights a block works on: large enough that handing it to another thread
// pays, so small networks run on one.
constexpr int64_t kWeightsPerBlock = 1 << 16;

}  // namespace

// Four columns at a time.
void AddProduct(const Array<double>& w, std::span<const double> r,
                int64_t begin, int64_t end, double* __restrict out) {
  const int64_t n = w.cols();
  const double* __restrict rates = r.data();
  int64_t j = 0;
  for (; j + 4 <= n; j += 4) {
    const double* __restrict c0 = w.data() + j * w.rows();
    const double* __restrict c1 = c0 + w.rows();
    const double* __restrict c2 = c1 + w.rows();
    const double* __restrict c3 = c2 + w.rows();
    const double r0 = rates[j], r1 = rates[j + 1], r2 = rates[j + 2],
                 r3 = rates[j + 3];
    for (int64_t i = begin; i < end; ++i) {
      out[i] += (c0[i] * r0 + c1[i] * r1) + (c2[i] * r2 + c3[i] * r3);
    }
  }
  for (; j < n; ++j) {
    const double* __restrict c = w.data() + j * w.rows();
    const double rj = rates[j];
    for (int64_t i = begin; i < end; ++i) out[i] += c[i] * rj;
  }
}

int64_t RowsPerBlock(int64_t cols) {
  return (std::max<int64_t>(kWeightsPerBlock / cols, 1) + 7) / 8 * 8;
}

}  // namespace engram
