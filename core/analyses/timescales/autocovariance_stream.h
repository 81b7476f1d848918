#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

// The autocovariance of Autocovariance for several series at once whose
// numbers come piece by piece and are not kept:
//
//   sum_{t < n - k} (x_t - m) (x_{t+k} - m)
//       = P_k - m (A_k + B_k) + (n - k) m^2
//
//   P_k       sum_{t < n - k} x_t x_{t+k}
//   A_k, B_k  sums of all but the last k numbers, and of all but the first k
//
// in numbers less the first one, so that little is taken from much.
class AutocovarianceStream {
 public:
  AutocovarianceStream(int64_t series, int64_t lags);

  int64_t lags() const { return products_.rows() - 1; }
  // The next numbers of a series. Different series may be added to at once.
  void Add(int64_t series, std::span<const double> x);
  // At lags 0 .. lags, of more than lags + 1 numbers.
  std::vector<double> Of(int64_t series) const;

  void VisitState(const std::string& path, StateVisitor& v);
  static std::vector<std::string> Arrays();

 private:
  Array<int64_t> count_;        // (n_series)
  Array<double> shift_, sums_;  // (n_series)
  Array<double> products_;      // (lags + 1, n_series)
  Array<double> first_, last_;  // (lags, n_series)
};

}  // namespace engram
