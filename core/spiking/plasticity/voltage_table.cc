#include "core/spiking/plasticity/voltage_table.h"

#include <algorithm>
#include <utility>

#include "core/base/huge_pages.h"
#include "core/spiking/plasticity/row_parts.h"

namespace engram {

template <class Real>
VoltageTable<Real>::VoltageTable(SynapseTable<Real> table,
                                 const ShardUnits& units,
                                 const DelayRange& delay, int64_t stride)
    : by_source(std::move(table)),
      place(by_source.synapses()),
      begin(static_cast<size_t>(units.end - units.begin) + 1),
      source(by_source.synapses()),
      weight(by_source.synapses()),
      lowest_delay(delay.lowest),
      lowest_delay_is_only(delay.lowest == delay.highest) {
  const auto target_of = [&](uint32_t k) {
    return static_cast<size_t>(by_source.offset[k] % stride - units.begin);
  };
  for (uint32_t k = 0; k < by_source.synapses(); ++k) ++begin[target_of(k) + 1];
  for (size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<uint32_t> next(begin.begin(), begin.end() - 1);
  for (int64_t d = delay.lowest; d <= delay.highest; ++d) {
    for (uint32_t row = 0; row < rows(); ++row) {
      const SynapseRange part = PartOfRow(by_source, row, d, stride);
      for (uint32_t k = part.begin; k < part.end; ++k) {
        const uint32_t at = next[target_of(k)]++;
        place[k] = at;
        source[at] = static_cast<uint32_t>(d - delay.lowest) * rows() + row;
        weight[at] = by_source.weight[k];
      }
    }
  }
  by_source.weight = Array<Real>();
  PreferHugePages(place.bytes());
  PreferHugePages(source.bytes());
  PreferHugePages(weight.bytes());
}

template <class Real>
uint32_t VoltageTable<Real>::FirstFrom(uint32_t at, uint32_t end,
                                       uint32_t wanted) const {
  const uint32_t* const all = source.data();
  return static_cast<uint32_t>(std::lower_bound(all + at, all + end, wanted) -
                               all);
}

template struct VoltageTable<float>;
template struct VoltageTable<double>;

}  // namespace engram
