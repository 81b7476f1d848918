#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram::cli {

// Short forms that the server takes in place of resource names:
// "experiments/k7m2q9xw4p/runs/17" is "k7m2q9xw4p/17", "users/ada" "ada".
std::string ShortName(absl::string_view name);

// "k7m2q9xw4p" of an experiment's, run's or attempt's name, long or short.
std::string ExperimentId(absl::string_view name);

// Point number of a run's name, long or short; "" of an experiment's.
std::string RunNumber(absl::string_view name);

// Whether `name` is a run's, long ("experiments/k7m2/runs/17") or short.
bool IsRunName(absl::string_view name);

// The full form of what a user wrote: "k7m2/17" is "experiments/k7m2/runs/17".
std::string FullName(absl::string_view name);

// For each path the shortest ending, of two segments if it has them, that no
// other path shares: "experiment.rule.type" is "rule.type".
std::map<std::string, std::string> ShortPaths(
    const std::vector<std::string>& paths);

// The first letters of a hash or a build, enough to tell it from others.
std::string ShortHash(absl::string_view hash);

}  // namespace engram::cli
