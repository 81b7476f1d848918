#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/session.h"

namespace engram::cli {

// One name after the other: what happened to each, as "run_count" says. The
// first error ends it, after what was done has been told.
absl::StatusOr<int> ChangeEach(
    Session& session, const std::vector<std::string>& names,
    const std::string& done,
    const std::function<absl::StatusOr<int64_t>(Client&, const std::string&)>&
        change);

}  // namespace engram::cli
