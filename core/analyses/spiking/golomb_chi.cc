#include "core/analyses/spiking/golomb_chi.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

double VarianceFrom(double sum, double squares, double samples) {
  const double mean = sum / samples;
  return squares / samples - mean * mean;
}

}  // namespace

GolombChi::GolombChi(int64_t units)
    : first_(units), sum_(units), squares_(units), totals_(3) {
  ENGRAM_EXPECT(units >= 1);
}

template <class Real>
void GolombChi::Add(std::span<const Real> potential) {
  ENGRAM_EXPECT(potential.size() == first_.size());
  const int64_t n = first_.rows();
  if (totals_[0] == 0) {
    for (int64_t i = 0; i < n; ++i) {
      first_[i] = static_cast<double>(potential[static_cast<size_t>(i)]);
    }
  }
  double all = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double v =
        static_cast<double>(potential[static_cast<size_t>(i)]) - first_[i];
    sum_[i] += v;
    squares_[i] += v * v;
    all += v;
  }
  const double mean = all / static_cast<double>(n);
  totals_[0] += 1;
  totals_[1] += mean;
  totals_[2] += mean * mean;
}

std::optional<double> GolombChi::chi() const {
  const double samples = totals_[0];
  if (samples < 2) return std::nullopt;
  double single = 0;
  for (int64_t i = 0; i < first_.rows(); ++i) {
    single += VarianceFrom(sum_[i], squares_[i], samples);
  }
  single /= static_cast<double>(first_.rows());
  if (single <= 0) return std::nullopt;
  const double joint = VarianceFrom(totals_[1], totals_[2], samples);
  // Rounding may leave a variance of nothing just below 0.
  return joint <= 0 ? 0 : std::sqrt(joint / single);
}

void GolombChi::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".first"), StateOf(first_, "mV"));
  v.State(absl::StrCat(prefix, ".sum"), StateOf(sum_, "mV"));
  v.State(absl::StrCat(prefix, ".squares"), StateOf(squares_, "mV^2"));
  v.State(absl::StrCat(prefix, ".totals"), StateOf(totals_, "1"));
}

template void GolombChi::Add<float>(std::span<const float>);
template void GolombChi::Add<double>(std::span<const double>);

}  // namespace engram
