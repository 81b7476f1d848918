#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/worker/simulation.h"

namespace engram {

// What --once prints; an interface that never changes.
struct OnceResult {
  std::string run_hash;     // "s1:..."
  std::string result_hash;  // "r1:..."
  std::string build;        // 64 hexadecimal digits
};

// INVALID_ARGUMENT when the tree cannot be used; any other error is the
// run's. `tree_json` is canonical JSON of tree and seed; `inputs` has what it
// names by digest.
absl::StatusOr<OnceResult> RunOnce(absl::string_view tree_json, int threads,
                                   const Inputs& inputs,
                                   const MakeSimulation& make);

// Lines "key: value", in this order: run_hash, result_hash, build.
std::string FormatOnce(const OnceResult& result);

}  // namespace engram
