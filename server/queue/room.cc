#include "server/queue/room.h"

#include <algorithm>

namespace engram {

bool MayStart(const Books& books) {
  return !books.is_draining && !books.is_disk_low && !books.is_shut &&
         !books.line.empty();
}

bool Fits(const RunResources& needs, const Executor::Capacity& in_use,
          const Executor::Capacity& capacity) {
  return in_use.cpus + needs.cpus <= capacity.cpus &&
         in_use.memory_bytes + needs.memory_bytes <= capacity.memory_bytes;
}

bool IsOfItsBuild(const WorkerEntry& worker, const Work& work) {
  return work.build.empty() ? !worker.is_of_kept_build
                            : worker.facts.build == work.build;
}

bool WorkerTakes(const WorkerEntry& worker, const Work& work) {
  const RunResources& needs = work.experiment->resources;
  return worker.link != nullptr && !worker.is_retiring &&
         IsOfItsBuild(worker, work) && needs.cpus <= worker.facts.cpus &&
         (worker.facts.memory_bytes == 0 ||
          needs.memory_bytes <= worker.facts.memory_bytes);
}

bool CouldStart(const Books& books, const Work& work,
                const Executor::Capacity& capacity) {
  return Fits(work.experiment->resources, {.cpus = 0, .memory_bytes = 0},
              capacity) &&
         std::any_of(books.workers.begin(), books.workers.end(),
                     [&](const auto& entry) {
                       return WorkerTakes(entry.second, work);
                     });
}

const WorkerEntry* IdleWorkerFor(const Books& books, const Work& work) {
  for (const auto& [number, worker] : books.workers) {
    if (worker.hand.empty() && WorkerTakes(worker, work)) return &worker;
  }
  return nullptr;
}

bool IsAtRunningLimit(const Books& books, absl::string_view owner) {
  const auto quota = books.quotas.find(std::string(owner));
  return quota != books.quotas.end() && quota->second.running_runs > 0 &&
         books.HeldOf(owner) >= quota->second.running_runs;
}

Executor::Capacity PlaceOf(const Books& books, const WorkerEntry& worker) {
  Executor::Capacity most{.cpus = 0, .memory_bytes = 0};
  for (const int64_t id : worker.hand) {
    const RunResources& needs = books.works.at(id).experiment->resources;
    most.cpus = std::max(most.cpus, needs.cpus);
    most.memory_bytes = std::max(most.memory_bytes, needs.memory_bytes);
  }
  return most;
}

Executor::Capacity InUse(const Books& books, const std::set<int64_t>& without) {
  Executor::Capacity sum{.cpus = 0, .memory_bytes = 0};
  for (const auto& [number, worker] : books.workers) {
    if (without.contains(number)) continue;
    const Executor::Capacity place = PlaceOf(books, worker);
    sum.cpus += place.cpus;
    sum.memory_bytes += place.memory_bytes;
  }
  return sum;
}

}  // namespace engram
