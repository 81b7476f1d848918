#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/store/event_table.h"

namespace prometheus {
struct MetricFamily;
}

namespace engram {

// Counts what happens, for the page of metrics: calls, and what commits say of
// runs and attempts. Names and units follow
// https://prometheus.io/docs/practices/naming/; no label holds a user, a run or
// anything else that has no bound. Thread-safe.
class EventMeter {
 public:
  EventMeter();
  ~EventMeter();
  EventMeter(const EventMeter&) = delete;
  EventMeter& operator=(const EventMeter&) = delete;

  // A call has ended; `method` is one of the contract's.
  void CallEnded(const std::string& method, const absl::Status& status,
                 double seconds);
  // These events are durable.
  void Committed(const std::vector<store::StoredEvent>& events);

  std::vector<prometheus::MetricFamily> Collect() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace engram
