#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "engram/v1/events.pb.h"
#include "server/queue/run_name.h"
#include "server/store/event_table.h"

namespace engram {

// Which events a watcher wants.
struct WatchFilter {
  std::set<std::string> experiments;  // ids: these with all of their runs
  std::set<RunName> runs;             // besides
  std::set<v1::EventKind> kinds;      // none for all

  bool takes_everything() const { return experiments.empty() && runs.empty(); }
  // `point` is -1 for what is about the experiment itself.
  bool Takes(const std::string& experiment, int64_t point) const;
  bool Takes(v1::EventKind kind) const;
};

v1::EventKind KindOf(const store::StoredEvent& event);

}  // namespace engram
