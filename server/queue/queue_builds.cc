// Workers of the builds that are kept: for runs whose state or record no other
// build can repeat.
#include <string>

#include "server/queue/queue_impl.h"

namespace engram {

bool Queue::Impl::CanStart(absl::string_view build) const {
  return IsOurBuild(build) || executor_.HasBuild(build);
}

void Queue::Impl::SeeToBuilds(Books& books) {
  const std::set<std::string> wanted = books.PinnedBuilds();
  if (wanted != books.wanted_builds) {
    executor_.WantBuilds(wanted);
    books.wanted_builds = wanted;
  }
  for (auto& [number, worker] : books.workers) {
    if (worker.link == nullptr || !worker.hand.empty() || worker.is_retiring ||
        !worker.is_of_kept_build || wanted.contains(worker.facts.build)) {
      continue;
    }
    worker.is_retiring = true;
    worker.link->Quit();
  }
}

void Queue::Impl::UnpinLost(Books& books) {
  for (const std::string& build : books.PinnedBuilds()) {
    if (CanStart(build)) continue;
    for (auto& [id, work] : books.works) {
      if (work.build == build && !work.in_hand()) books.Pin(work, "");
    }
  }
}

}  // namespace engram
