#include "core/spiking/neurons/generator_parameters.h"

#include "absl/strings/str_cat.h"

namespace engram {

std::string RateAboveStep(double rate_hz, double dt) {
  if (rate_hz * dt <= 1000) return "";
  return absl::StrCat("a rate of ", rate_hz,
                      " Hz is more than one spike in every step of ", dt,
                      " ms; a smaller step or more units may help");
}

void CheckOneForEachUnit(const Component& self, const std::string& parameter,
                         size_t entries, Faults& faults) {
  const int64_t units = self.Integer("units");
  if (static_cast<int64_t>(entries) == units) return;
  faults.push_back({0, absl::StrCat(self.path, ".", parameter),
                    absl::StrCat(parameter, " has ", entries, " entries for ",
                                 units, " units; give one for each unit")});
}

}  // namespace engram
