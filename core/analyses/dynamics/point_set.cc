#include "core/analyses/dynamics/point_set.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"

namespace engram {
namespace {

bool AreNear(std::span<const double> a, std::span<const double> b,
             double distance) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) > distance) return false;
  }
  return true;
}

}  // namespace

PointSet MergeStates(const Array<double>& states,
                     const std::vector<bool>& counts_in, double distance) {
  ENGRAM_EXPECT(static_cast<int64_t>(counts_in.size()) == states.cols());
  PointSet set;
  for (int64_t s = 0; s < states.cols(); ++s) {
    set.point_of.push_back(-1);
    if (!counts_in[static_cast<size_t>(s)]) continue;
    size_t point = 0;
    while (point < set.first.size() &&
           !AreNear(states.col(s), states.col(set.first[point]), distance)) {
      ++point;
    }
    if (point == set.first.size()) {
      set.first.push_back(s);
      set.count.push_back(0);
    }
    ++set.count[point];
    set.point_of.back() = static_cast<int64_t>(point);
  }
  return set;
}

Array<double> ColumnsOf(const Array<double>& states,
                        const std::vector<int64_t>& which) {
  Array<double> columns(states.rows(), static_cast<int64_t>(which.size()));
  for (size_t k = 0; k < which.size(); ++k) {
    std::ranges::copy(states.col(which[k]),
                      columns.data() + static_cast<int64_t>(k) * states.rows());
  }
  return columns;
}

}  // namespace engram
