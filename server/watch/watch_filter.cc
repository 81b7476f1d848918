#include "server/watch/watch_filter.h"

namespace engram {

bool WatchFilter::Takes(const std::string& experiment, int64_t point) const {
  return takes_everything() || experiments.contains(experiment) ||
         runs.contains(RunName{experiment, point});
}

bool WatchFilter::Takes(v1::EventKind kind) const {
  return kinds.empty() || kinds.contains(kind);
}

v1::EventKind KindOf(const store::StoredEvent& event) {
  using Payload = store::v1::EventPayload;
  switch (event.payload.content_case()) {
    case Payload::kState:
      return v1::EVENT_KIND_STATE;
    case Payload::kAttempt:
      return v1::EVENT_KIND_ATTEMPT;
    case Payload::kClaim:
      return v1::EVENT_KIND_CLAIM;
    case Payload::kLog:
      return v1::EVENT_KIND_LOG;
    case Payload::kNote:
      return v1::EVENT_KIND_NOTE;
    case Payload::kPointsStored:
      return v1::EVENT_KIND_POINTS_STORED;
    case Payload::CONTENT_NOT_SET:
      break;
  }
  return v1::EVENT_KIND_UNSPECIFIED;
}

}  // namespace engram
