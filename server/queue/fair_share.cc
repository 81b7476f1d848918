#include "server/queue/fair_share.h"

#include <algorithm>
#include <cmath>

namespace engram {

double Decayed(const FairShare::Usage& usage, int64_t now_us) {
  const double age =
      static_cast<double>(std::max<int64_t>(0, now_us - usage.as_of_us));
  return usage.cpu_seconds *
         std::exp2(-age / static_cast<double>(FairShare::kHalfLifeUs));
}

void FairShare::Load(absl::string_view owner, const Usage& usage,
                     int64_t now_us) {
  usage_[std::string(owner)] = {usage.cpu_seconds,
                                std::min(usage.as_of_us, now_us)};
}

FairShare::Usage FairShare::Add(absl::string_view owner, double cpu_seconds,
                                int64_t now_us) {
  Usage& usage = usage_[std::string(owner)];
  usage.cpu_seconds = Decayed(usage, now_us) + cpu_seconds;
  usage.as_of_us = now_us;
  return usage;
}

double FairShare::At(absl::string_view owner, int64_t now_us) const {
  const auto it = usage_.find(std::string(owner));
  return it == usage_.end() ? 0 : Decayed(it->second, now_us);
}

}  // namespace engram
