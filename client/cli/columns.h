#pragma once

#include <vector>

#include "client/cli/listing.h"
#include "client/cli/wire/methods.h"

// The columns in which experiments and runs are shown.
namespace engram::cli {

std::vector<Column<v1::Experiment>> ExperimentColumns(absl::Time now);

// With one column for each parameter that varies among `runs` and each
// summary value that one of them has.
std::vector<Column<v1::Run>> RunColumns(const std::vector<v1::Run>& runs,
                                        absl::Time now);

// "12 of 30" with the states that need attention: "28 of 30, 2 failed".
Cell ProgressOf(const v1::Experiment& experiment);

// Claims as `engram check` shows them.
std::vector<Column<v1::ClaimResult>> ClaimColumns();

}  // namespace engram::cli
