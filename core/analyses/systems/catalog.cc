#include "core/analyses/systems/catalog.h"

#include "core/spec/find_row.h"

namespace engram {

const std::vector<SystemRow>& SystemRows() {
  static const std::vector<SystemRow> rows = {
      ItemMeanFieldRow(), PatternOverlapsRow(), RatePopulationsRow(),
      StoredNetworkRow(), TrainedNetworkRow(),  TwoItemsRow(),
  };
  return rows;
}

const SystemRow& SystemRowOf(const Component& component) {
  return RowOf(SystemRows(), component.type);
}

}  // namespace engram
