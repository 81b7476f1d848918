#include "core/spiking/receptor_unit.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/find_row.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/catalog.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/network_plan.h"

namespace engram {
namespace {

absl::StatusOr<std::string> UnitAt(const Component& target,
                                   const std::string& wanted) {
  const std::vector<Receptor>& receptors =
      RowOf(PopulationRows(), target.type).receptors;
  std::vector<std::string> names;
  for (const Receptor& receptor : receptors) {
    if (wanted.empty() || receptor.name == wanted) return receptor.unit;
    names.push_back(receptor.name);
  }
  return absl::InvalidArgumentError(absl::StrCat(target.name, " (", target.type,
                                                 ") has no receptor ", wanted,
                                                 SuggestName(wanted, names)));
}

}  // namespace

absl::StatusOr<std::string> ReceptorUnitOf(const Component& self,
                                           const Component& root) {
  const Component whole = WithCircuits(root);
  const absl::StatusOr<UnitSelection> to = SelectUnits(whole, self.Get("to"));
  if (!to.ok()) return to.status();
  std::string unit;
  for (const UnitRange& range : to->ranges) {
    const Component& target =
        whole.Slots("populations")[static_cast<size_t>(range.population)];
    const absl::StatusOr<std::string> here =
        UnitAt(target, self.Text("receptor"));
    if (!here.ok()) return here;
    if (!unit.empty() && *here != unit) {
      return absl::InvalidArgumentError(absl::StrCat(
          "some of its targets take ", unit, ", and ", target.name, " takes ",
          *here, "; write a plain number, or a component for each"));
    }
    unit = *here;
  }
  return unit;
}

}  // namespace engram
