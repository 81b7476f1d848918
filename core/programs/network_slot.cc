#include "core/programs/network_slot.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"

namespace engram {

bool TakesNetwork(const Component& program,
                  const std::vector<std::string>& types, Faults& faults) {
  const Component& network = program.Slot("network");
  if (std::ranges::find(types, network.type) != types.end()) return true;
  faults.push_back({0, network.path + ".type",
                    absl::StrCat(program.type, " cannot run a ", network.type,
                                 "; it takes ", ListNames(types))});
  return false;
}

}  // namespace engram
