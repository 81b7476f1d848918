#include "core/analyses/block_structure.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/contract.h"

namespace engram {
namespace {

double BlockMean(const Array<double>& w, std::span<const int64_t> post,
                 std::span<const int64_t> pre) {
  double sum = 0;
  int64_t count = 0;
  for (int64_t j : pre) {
    for (int64_t i : post) {
      if (i == j) continue;
      sum += w(i, j);
      ++count;
    }
  }
  // An item of one unit has no weights within itself.
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

double DiagonalMean(const Array<double>& b, int64_t d) {
  const int64_t first = std::max<int64_t>(0, -d);
  const int64_t count = b.rows() - std::abs(d);
  double sum = 0;
  for (int64_t k = first; k < first + count; ++k) sum += b(k + d, k);
  return sum / static_cast<double>(count);
}

}  // namespace

Array<double> BlockMeans(const Array<double>& w, const SequenceTask& task) {
  Array<double> b(task.items(), task.items());
  for (int64_t l = 0; l < task.items(); ++l) {
    for (int64_t k = 0; k < task.items(); ++k) {
      b(k, l) = BlockMean(w, task.units_of(k), task.units_of(l));
    }
  }
  return b;
}

std::optional<double> SymmetryIndex(const Array<double>& w) {
  ENGRAM_EXPECT(w.rows() == w.cols());
  double symmetric = 0, antisymmetric = 0;
  for (int64_t j = 0; j < w.cols(); ++j) {
    for (int64_t i = 0; i < w.rows(); ++i) {
      const double s = w(i, j) + w(j, i), a = w(i, j) - w(j, i);
      symmetric += s * s;
      antisymmetric += a * a;
    }
  }
  if (!(symmetric + antisymmetric > 0)) return std::nullopt;
  return (symmetric - antisymmetric) / (symmetric + antisymmetric);
}

double SequentialCoupling(const Array<double>& b) {
  return DiagonalMean(b, 1) - DiagonalMean(b, -1);
}

std::vector<double> BandProfile(const Array<double>& b) {
  std::vector<double> profile;
  for (int64_t d = 1 - b.rows(); d < b.rows(); ++d) {
    profile.push_back(DiagonalMean(b, d));
  }
  return profile;
}

std::vector<int64_t> UnitsByItem(const SequenceTask& task, int64_t units) {
  std::vector<int64_t> order;
  std::vector<bool> taken(static_cast<size_t>(units), false);
  for (int64_t k = 0; k < task.items(); ++k) {
    for (int64_t unit : task.units_of(k)) {
      if (taken[static_cast<size_t>(unit)]) continue;
      order.push_back(unit);
      taken[static_cast<size_t>(unit)] = true;
    }
  }
  for (int64_t unit = 0; unit < units; ++unit) {
    if (!taken[static_cast<size_t>(unit)]) order.push_back(unit);
  }
  return order;
}

Array<double> Reordered(const Array<double>& w,
                        const std::vector<int64_t>& order) {
  Array<double> sorted(w.rows(), w.cols());
  for (int64_t j = 0; j < w.cols(); ++j) {
    for (int64_t i = 0; i < w.rows(); ++i) {
      sorted(i, j) =
          w(order[static_cast<size_t>(i)], order[static_cast<size_t>(j)]);
    }
  }
  return sorted;
}

}  // namespace engram
