#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "engram/v1/workers.pb.h"

namespace engram {

// How an attempt ended; README.md has the table of reasons.
v1::Finished Ended(v1::RunState state, std::string reason = "",
                   absl::string_view message = "");
v1::Finished Failed(std::string reason, absl::string_view message);

// An event of the attempt, without its content.
v1::WorkerEvent EventOf(const v1::AttemptKey& key);

}  // namespace engram
