#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/session.h"

namespace engram::cli {

// The experiment, once no claim of it is pending any more: they are computed
// right after the last run has ended.
absl::StatusOr<v1::Experiment> FetchSettled(Session& session, Client& client,
                                            const std::string& name);

// The claims as a table, then why some are undecided, then how many hold.
std::string ClaimsText(const v1::Experiment& experiment, const Look& look);

bool AllHold(const v1::Experiment& experiment);

}  // namespace engram::cli
