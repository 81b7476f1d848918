#include "server/rpc/event_meter.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <algorithm>

#include "absl/strings/ascii.h"

namespace engram {
namespace {

// Of most calls; a submit of 10,000 runs may take two seconds, streams as long
// as they like.
const prometheus::Histogram::BucketBoundaries kCallSeconds = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

// Why an attempt ended: its error's reason, a constant, or else the state that
// it left the run in.
std::string CauseOf(const store::v1::AttemptChanged& attempt) {
  return absl::AsciiStrToLower(attempt.error_reason().empty()
                                   ? attempt.end_state()
                                   : attempt.error_reason());
}

}  // namespace

struct EventMeter::Families {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& calls =
      prometheus::BuildCounter()
          .Name("engram_calls_total")
          .Help("Calls that ended, by method and status code.")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& call_seconds =
      prometheus::BuildHistogram()
          .Name("engram_call_duration_seconds")
          .Help("From a call's arrival to its end, by method.")
          .Register(registry);
  prometheus::Counter& refused_tokens =
      prometheus::BuildCounter()
          .Name("engram_authentication_failures_total")
          .Help("Calls without a token, or with one that opens nothing.")
          .Register(registry)
          .Add({});
  prometheus::Family<prometheus::Counter>& run_changes =
      prometheus::BuildCounter()
          .Name("engram_run_changes_total")
          .Help("Changes of runs into a state.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& attempts =
      prometheus::BuildCounter()
          .Name("engram_attempts_ended_total")
          .Help(
              "Attempts that ended, by cause: the error's reason, or the "
              "state that they left the run in.")
          .Register(registry);
  prometheus::Counter& stored_events = prometheus::BuildCounter()
                                           .Name("engram_events_stored_total")
                                           .Help("Events that became durable.")
                                           .Register(registry)
                                           .Add({});
};

EventMeter::EventMeter() : families_(std::make_unique<Families>()) {}
EventMeter::~EventMeter() = default;

void EventMeter::CallEnded(const std::string& method,
                           const absl::Status& status, double seconds) {
  const std::string code = absl::StatusCodeToString(status.code());
  families_->calls.Add({{"method", method}, {"code", code}}).Increment();
  // The machine's clock may have been set back meanwhile.
  families_->call_seconds.Add({{"method", method}}, kCallSeconds)
      .Observe(std::max(0.0, seconds));
  if (absl::IsUnauthenticated(status)) families_->refused_tokens.Increment();
}

void EventMeter::Committed(const std::vector<store::StoredEvent>& events) {
  families_->stored_events.Increment(static_cast<double>(events.size()));
  for (const store::StoredEvent& event : events) {
    if (event.payload.has_state()) {
      families_->run_changes.Add({{"state", event.payload.state().to_state()}})
          .Increment();
    } else if (event.payload.has_attempt() &&
               !event.payload.attempt().end_state().empty()) {
      families_->attempts.Add({{"cause", CauseOf(event.payload.attempt())}})
          .Increment();
    }
  }
}

std::vector<prometheus::MetricFamily> EventMeter::Collect() const {
  return families_->registry.Collect();
}

}  // namespace engram
