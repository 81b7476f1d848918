#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/session.h"
#include "google/protobuf/message.h"

namespace engram::cli {

// Shows the answer to a call that has no list in it: `text` as a table, the
// message in every other format. Gives the exit code kDone.
absl::StatusOr<int> ShowAnswer(Session& session,
                               const google::protobuf::Message& message,
                               const std::string& text);

}  // namespace engram::cli
