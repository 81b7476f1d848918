#include "core/rules/traces.h"

#include "absl/strings/str_cat.h"

namespace engram {

void CheckTimeConstants(const Component& self, const Component& root,
                        const std::vector<std::string>& names, Faults& faults) {
  const auto network = root.slots.find("network");
  const bool has_network =
      network != root.slots.end() && !network->second.empty();
  const Component& keeper = has_network ? network->second.front() : root;
  if (!keeper.parameters.contains("dt")) return;
  const double step = keeper.Real("dt");
  for (const std::string& name : names) {
    if (self.Real(name) >= step) continue;
    faults.push_back(
        {0, absl::StrCat(self.path, ".", name),
         absl::StrCat(name, " = ", self.Real(name),
                      " ms is shorter than the step dt of ", keeper.path, ", ",
                      step, " ms; make it at least that")});
  }
}

}  // namespace engram
