#include "core/analyses/similarity/solution.h"

#include "core/analyses/similarity/dynamical.h"
#include "core/analyses/similarity/representation.h"
#include "core/analyses/similarity/weight_alignment.h"
#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

Similarity CompareSolutions(const Solution& a, const Solution& b) {
  ENGRAM_EXPECT(a.weights.rows() == b.weights.rows());
  ENGRAM_EXPECT(a.blocks.rows() == b.blocks.rows());
  const int64_t n = a.weights.rows();
  Similarity s;
  s.raw = WeightCorrelation(a.weights, b.weights, MatchByNumber(n));
  s.by_item =
      WeightCorrelation(a.weights, b.weights, MatchByItem(*a.task, *b.task, n));
  s.by_recall = WeightCorrelation(a.weights, b.weights,
                                  MatchByActivity(a.rates, b.rates));
  s.blocks = statistics::Correlation(a.blocks.span(), b.blocks.span());
  s.cka = LinearCka(a.rates, b.rates);
  s.procrustes = ProcrustesDistance(a.rates, b.rates);
  if (a.system && b.system) {
    s.dynamical = DynamicalDistance(*a.system, *b.system);
    s.eigenvalue = EigenvalueDistance(*a.system, *b.system);
  }
  return s;
}

std::vector<int64_t> FamiliesOf(const Array<double>& block_correlation,
                                double above) {
  const int64_t n = block_correlation.rows();
  std::vector<int64_t> family(static_cast<size_t>(n), -1);
  int64_t count = 0;
  for (int64_t first = 0; first < n; ++first) {
    if (family[static_cast<size_t>(first)] >= 0) continue;
    std::vector<int64_t> open = {first};
    family[static_cast<size_t>(first)] = count;
    while (!open.empty()) {
      const int64_t at = open.back();
      open.pop_back();
      for (int64_t k = 0; k < n; ++k) {
        if (family[static_cast<size_t>(k)] >= 0) continue;
        if (block_correlation(at, k) < above) continue;
        family[static_cast<size_t>(k)] = count;
        open.push_back(k);
      }
    }
    ++count;
  }
  return family;
}

}  // namespace engram
