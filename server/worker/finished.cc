#include "server/worker/finished.h"

#include <utility>

namespace engram {

v1::Finished Ended(v1::RunState state, std::string reason,
                   absl::string_view message) {
  v1::Finished finished;
  finished.set_state(state);
  if (reason.empty()) return finished;
  finished.mutable_error()->set_reason(std::move(reason));
  // A message of the wire stays under 64 KiB, whatever a run says.
  constexpr size_t kMostBytes = 16 << 10;
  finished.mutable_error()->set_message(
      std::string(message.substr(0, kMostBytes)));
  return finished;
}

v1::Finished Failed(std::string reason, absl::string_view message) {
  return Ended(v1::RUN_STATE_FAILED, std::move(reason), message);
}

v1::WorkerEvent EventOf(const v1::AttemptKey& key) {
  v1::WorkerEvent event;
  *event.mutable_key() = key;
  return event;
}

}  // namespace engram
