#include "core/rules/spike_trace.h"

#include "core/base/math.h"

namespace engram {

template <class Real>
SpikeTrace<Real>::SpikeTrace(int64_t units, double tau, double dt,
                             bool is_nearest)
    : decay_(static_cast<Real>(math::Exp(-dt / tau))),
      is_nearest_(is_nearest),
      value_(units) {}

template <class Real>
void SpikeTrace<Real>::Advance(std::span<const int32_t> spikes) {
  for (const int32_t unit : spikes) {
    value_[unit] = is_nearest_ ? Real{1} : value_[unit] + 1;
  }
  Real* __restrict value = value_.data();
  const int64_t n = value_.rows();
  for (int64_t i = 0; i < n; ++i) value[i] *= decay_;
}

template class SpikeTrace<float>;
template class SpikeTrace<double>;

}  // namespace engram
