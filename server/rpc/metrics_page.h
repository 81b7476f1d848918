#pragma once

#include <cstdint>
#include <string>

#include "server/queue/queue.h"
#include "server/rpc/event_meter.h"
#include "server/rpc/parts.h"
#include "server/store/store.h"
#include "server/watch/event_hub.h"

namespace engram {

// Everything that the page shows, as it was at one moment.
struct Figures {
  ServerFacts facts;
  int64_t now_us = 0;
  QueueStatus queue;
  store::StoreFigures store;
  EventHub::Figures watch;
  int64_t free_disk_bytes = 0;
  std::optional<int64_t> last_backup_us;
  int http_connections = 0;
};

// The page in Prometheus's text format, version 0.0.4: what happened, what is,
// and the standard figures of the process.
std::string MetricsPage(const Figures& figures, const EventMeter& meter);

}  // namespace engram
