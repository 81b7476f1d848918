#include "server/rpc/resources.h"

#include <algorithm>

namespace engram {

RunResources ResourcesFor(const ResourceRequest& request,
                          const Forecast& forecast) {
  // Programs and libraries need this much before the first array is made.
  constexpr int64_t kBaseMemory = int64_t{256} << 20;
  constexpr int64_t kLeastTime = 600;
  constexpr double kTimeRoom = 10;
  constexpr double kLongestTime = 30.0 * 86'400;
  RunResources resources;
  resources.cpus = request.cpus.value_or(1);
  resources.memory_bytes =
      request.memory_bytes.value_or(kBaseMemory + 2 * forecast.memory_bytes);
  resources.time_s = request.time_s.value_or(std::max(
      kLeastTime, static_cast<int64_t>(std::min(
                      kLongestTime, kTimeRoom * forecast.longest_run_s))));
  return resources;
}

}  // namespace engram
