#pragma once

#include "absl/status/statusor.h"
#include "client/cli/session.h"

namespace engram::cli {

// Asks what an experiment would need, and shows it. Changes nothing.
absl::StatusOr<int> ShowEstimate(Session& session,
                                 const v1::ExperimentSource& source);

}  // namespace engram::cli
