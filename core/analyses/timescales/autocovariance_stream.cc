#include "core/analyses/timescales/autocovariance_stream.h"

#include <algorithm>

#include "core/base/contract.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// A variance below this share of the mean square is the rounding of a constant.
constexpr double kRounding = 1e-24;

}  // namespace

AutocovarianceStream::AutocovarianceStream(int64_t series, int64_t lags)
    : count_(series),
      shift_(series),
      sums_(series),
      products_(lags + 1, series),
      first_(lags, series),
      last_(lags, series) {}

void AutocovarianceStream::Add(int64_t series, std::span<const double> x) {
  if (x.empty()) return;
  if (count_[series] == 0) shift_[series] = x[0];
  const auto lags = static_cast<size_t>(this->lags());
  // What came before the first number is 0 and adds nothing.
  std::vector<double> all(lags + x.size());
  double* const last = last_.data() + this->lags() * series;
  std::copy_n(last, lags, all.begin());
  for (size_t t = 0; t < x.size(); ++t) all[lags + t] = x[t] - shift_[series];
  const std::span<const double> moved = all;
  const std::span<const double> fresh = moved.subspan(lags);
  for (size_t k = 0; k <= lags; ++k) {
    products_(static_cast<int64_t>(k), series) +=
        statistics::Dot(fresh, moved.subspan(lags - k, x.size()));
  }
  sums_[series] += statistics::Sum(fresh);
  int64_t& count = count_[series];
  for (size_t t = 0;
       t < x.size() && count + static_cast<int64_t>(t) < this->lags(); ++t) {
    first_(count + static_cast<int64_t>(t), series) = fresh[t];
  }
  count += static_cast<int64_t>(x.size());
  std::copy_n(all.end() - static_cast<std::ptrdiff_t>(lags), lags, last);
}

std::vector<double> AutocovarianceStream::Of(int64_t series) const {
  const int64_t count = count_[series];
  ENGRAM_EXPECT(lags() < count - 1);
  const double n = static_cast<double>(count);
  const double mean = sums_[series] / n;
  double head = 0, tail = 0;  // sums of the first and the last k numbers
  std::vector<double> covariance;
  for (int64_t k = 0; k <= lags(); ++k) {
    if (k > 0) {
      head += first_(k - 1, series);
      tail += last_(lags() - k, series);
    }
    const double all_but_ends = 2 * sums_[series] - head - tail;
    const double lag = static_cast<double>(k);
    covariance.push_back(
        (products_(k, series) - mean * all_but_ends + (n - lag) * mean * mean) /
        (n - 1 - lag));
  }
  const double shift = shift_[series];
  const double squares =
      shift * shift + 2 * shift * mean + products_(0, series) / n;
  if (covariance[0] <= kRounding * squares) std::ranges::fill(covariance, 0.0);
  return covariance;
}

void AutocovarianceStream::VisitState(const std::string& path,
                                      StateVisitor& v) {
  v.State(path + ".count", StateOf(count_, "1"));
  v.State(path + ".shift", StateOf(shift_, "1"));
  v.State(path + ".sums", StateOf(sums_, "1"));
  v.State(path + ".products", StateOf(products_, "1"));
  v.State(path + ".first", StateOf(first_, "1"));
  v.State(path + ".last", StateOf(last_, "1"));
}

std::vector<std::string> AutocovarianceStream::Arrays() {
  return {"count", "shift", "sums", "products", "first", "last"};
}

}  // namespace engram
