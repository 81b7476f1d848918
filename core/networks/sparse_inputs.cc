#include "core/networks/sparse_inputs.h"

#include <vector>

#include "core/base/contract.h"

namespace engram {
namespace {

constexpr int64_t kUnitsPerBlock = 64;

// Chooses inputs of one unit among units - 1 candidates; candidate c stands for
// unit c below the unit itself and for c + 1 from it on.
void DrawOf(int64_t unit, const RandomStream& stream,
            std::vector<uint8_t>& chosen, int32_t* pre, int64_t in_degree) {
  const int64_t candidates = static_cast<int64_t>(chosen.size());
  std::fill(chosen.begin(), chosen.end(), uint8_t{0});
  for (int64_t k = 0; k < in_degree; ++k) {
    const int64_t last = candidates - in_degree + k;
    const int64_t drawn = stream.Below(last + 1, k, unit);
    const bool is_taken = chosen[static_cast<size_t>(drawn)] != 0;
    chosen[static_cast<size_t>(is_taken ? last : drawn)] = 1;
  }
  for (int64_t c = 0; c < candidates; ++c) {
    if (chosen[static_cast<size_t>(c)] == 0) continue;
    *pre++ = static_cast<int32_t>(c < unit ? c : c + 1);
  }
}

}  // namespace

Array<int32_t> DrawInputs(int64_t units, int64_t in_degree,
                          const RandomStream& stream, Parallel& parallel) {
  ENGRAM_EXPECT(in_degree >= 1 && in_degree < units);
  Array<int32_t> pre(in_degree, units);
  parallel.ForBlocks(units, kUnitsPerBlock, [&](int64_t begin, int64_t end) {
    std::vector<uint8_t> chosen(static_cast<size_t>(units - 1));
    for (int64_t i = begin; i < end; ++i) {
      DrawOf(i, stream, chosen, pre.data() + i * in_degree, in_degree);
    }
  });
  return pre;
}

void AddSparseProduct(const Array<int32_t>& pre, const Array<double>& w,
                      std::span<const double> r, int64_t begin, int64_t end,
                      double* out) {
  for (int64_t i = begin; i < end; ++i) {
    const int32_t* __restrict from = pre.data() + i * pre.rows();
    const double* __restrict weight = w.data() + i * w.rows();
    double sum = 0;
    for (int64_t k = 0; k < w.rows(); ++k)
      sum += weight[k] * r[static_cast<size_t>(from[k])];
    out[i] += sum;
  }
}

}  // namespace engram
