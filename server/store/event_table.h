#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engram/store/v1/event.pb.h"
#include "server/store/keys.h"
#include "server/store/point.h"

namespace engram::store {

class Reader;
class Transaction;

// Something that happened, with its place in the one order of all events.
struct StoredEvent {
  int64_t sequence = 0;  // rises strictly; given by Transaction::Append
  int64_t time_us = 0;
  ExperimentKey experiment{};
  std::optional<RunKey> run{};  // none for claims and notes
  std::string experiment_id{};  // "k7m2q9xw4p"
  int64_t point = -1;           // of the run; -1 for none
  v1::EventPayload payload{};
  // Of points_stored: the new points. For the commit listener alone; an event
  // that is read back has none (read the series by range).
  std::vector<SeriesPoint> points{};
};

struct EventQuery {
  int64_t after_sequence = 0;
  // Events of these experiments and of their runs; none for everything.
  std::vector<ExperimentKey> experiments{};
  // Further restricts to these runs (events without a run come, too).
  std::vector<RunKey> runs{};
  int limit = 1000;
};

// Oldest first.
std::vector<StoredEvent> ReadEvents(Reader& reader, const EventQuery& query);

// The newest number given so far; 0 when there is none.
int64_t LastSequence(Reader& reader);
// Numbers up to this one are no longer kept; 0 when all are.
int64_t ForgottenSequence(Reader& reader);

// Removes events of runs that ended before `ended_before_us`, at most `limit`
// at a time. Numbers are not used again. Returns how many were removed.
int64_t ForgetEvents(Transaction& transaction, int64_t ended_before_us,
                     int limit);

}  // namespace engram::store
