// What visitors see of a plastic projection: its state as it is, and its
// synapses as they would be if none waited.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/plasticity/rule_projection.h"
#include "core/spiking/plasticity/state_bytes.h"

namespace engram {
template <class Kernel>
void RuleProjection<Kernel>::VisitState(absl::string_view prefix,
                                        StateVisitor& v) {
  for (size_t s = 0; s < shards_.size(); ++s) {
    Shard& own = shards_[s];
    const std::string at = absl::StrCat(prefix, ".", s);
    v.State(at + ".weights", StateOf(own.table.weight, "1"));
    v.State(at + ".post_spikes", BytesOf(own.history.bytes()));
    if (clock_) v.State(at + ".eligibility", StateOf(own.trace, "1"));
  }
  v.State(absl::StrCat(prefix, ".pre_states"), BytesOf(pre_.states()));
  v.State(absl::StrCat(prefix, ".pre_spikes"), BytesOf(pre_.spikes()));
  v.State(absl::StrCat(prefix, ".pre_steps"), BytesOf(pre_.begins()));
  v.State(absl::StrCat(prefix, ".first_step"), StateOf(pre_.first(), "1"));
  v.State(absl::StrCat(prefix, ".horizon"), StateOf(horizon_, "1"));
  v.State(absl::StrCat(prefix, ".is_full"), StateOf(is_full_, "1"));
  if (clock_) VisitClock(prefix, v);
  this->VisitSynapses(prefix, v);
}

template <class Kernel>
void RuleProjection<Kernel>::VisitClock(absl::string_view prefix,
                                        StateVisitor& v) {
  std::vector<double>& modulator = clock_->modulator();
  v.State(absl::StrCat(prefix, ".clock"), StateOf(clock_state_, "1"));
  v.State(absl::StrCat(prefix, ".modulator"), BytesOf(modulator));
}

template <class Kernel>
void RuleProjection<Kernel>::ForSynapses(
    int64_t step,
    const typename PlasticProjection<Real>::SynapseVisit& visit) const {
  VisitRows(step, {0, this->piece_.from.units()}, visit);
}

template <class Kernel>
void RuleProjection<Kernel>::ForSynapsesOf(
    int32_t pre, int64_t step,
    const typename PlasticProjection<Real>::SynapseVisit& visit) const {
  const int64_t row = pre - this->piece_.from.begin;
  VisitRows(step, {row, row + 1}, visit);
}

// On a copy of the rows, so that what waits still does.
template <class Kernel>
void RuleProjection<Kernel>::VisitRows(
    int64_t step, Rows rows,
    const typename PlasticProjection<Real>::SynapseVisit& visit) const {
  for (size_t s = 0; s < shards_.size(); ++s) {
    const Shard& own = shards_[s];
    const uint32_t first = own.table.begin[static_cast<size_t>(rows.begin)];
    const uint32_t end = own.table.begin[static_cast<size_t>(rows.end)];
    Array<Real> weight(end - first), trace(clock_ ? end - first : 0);
    std::copy_n(own.table.weight.data() + first, end - first, weight.data());
    if (clock_) {
      std::copy_n(own.trace.data() + first, end - first, trace.data());
    }
    SettleInto(own, static_cast<int>(s), {weight.data(), trace.data(), first},
               step, step, rows);
    for (int64_t row = rows.begin; row < rows.end; ++row) {
      VisitParts(own.table, row, [&](uint32_t from, uint32_t to, int64_t d) {
        for (uint32_t k = from; k < to; ++k) {
          const int64_t unit = own.table.offset[k] - (d - 1) * ring_.stride();
          visit(static_cast<int32_t>(this->piece_.from.begin + row),
                static_cast<int32_t>(unit), d, weight[k - first]);
        }
      });
    }
  }
}

template class RuleProjection<PairKernel<float>>;
template class RuleProjection<PairKernel<double>>;
template class RuleProjection<PowerLawKernel<float>>;
template class RuleProjection<PowerLawKernel<double>>;
template class RuleProjection<TripletKernel<float>>;
template class RuleProjection<TripletKernel<double>>;
template class RuleProjection<VogelsKernel<float>>;
template class RuleProjection<VogelsKernel<double>>;

}  // namespace engram
