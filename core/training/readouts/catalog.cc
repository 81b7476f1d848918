#include <algorithm>
#include <type_traits>

#include "core/spec/find_row.h"
#include "core/training/readout.h"

namespace engram {

const std::vector<ReadoutRow>& ReadoutRows() {
  static const std::vector<ReadoutRow> rows = {
      LeakyReadoutRow(),
      LinearReadoutRow(),
      SpikeCountReadoutRow(),
      SpikeTrainReadoutRow(),
  };
  return rows;
}

bool IsReadout(const Component& component) {
  return std::ranges::any_of(ReadoutRows(), [&](const ReadoutRow& row) {
    return row.spec.type == component.type;
  });
}

template <class Real>
std::unique_ptr<Readout<Real>> MakeReadout(const Component& component,
                                           ReadoutPlace place) {
  const ReadoutRow& row = RowOf(ReadoutRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component, place);
  } else {
    return row.make_double(component, place);
  }
}
template std::unique_ptr<Readout<float>> MakeReadout(const Component&,
                                                     ReadoutPlace);
template std::unique_ptr<Readout<double>> MakeReadout(const Component&,
                                                      ReadoutPlace);

}  // namespace engram
