#include "core/rules/traces.h"

#include "absl/strings/str_cat.h"

namespace engram {

void CheckTimeConstants(const Component& self, const Component& root,
                        const std::vector<std::string>& names, Faults& faults) {
  const auto network = root.slots.find("network");
  if (network == root.slots.end() || network->second.empty()) return;
  const auto dt = network->second.front().parameters.find("dt");
  if (dt == network->second.front().parameters.end()) return;
  const double step = network->second.front().Real("dt");
  for (const std::string& name : names) {
    if (self.Real(name) >= step) continue;
    faults.push_back({0, absl::StrCat(self.path, ".", name),
                      absl::StrCat(name, " = ", self.Real(name),
                                   " ms is shorter than the network's step dt "
                                   "= ",
                                   step, " ms; make it at least that")});
  }
}

}  // namespace engram
