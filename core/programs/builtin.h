#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/programs/program.h"
#include "core/spec/catalog.h"
#include "core/spec/component.h"
#include "core/spec/experiment.h"

namespace engram {

// Every component type of this library. Thread-safe.
const Catalog& BuiltinCatalog();

// The program at the root of a validated tree. FAILED_PRECONDITION when this
// thread's arithmetic is not set up (core/base/numerics.h).
absl::StatusOr<std::unique_ptr<Program>> MakeProgram(const Component& root,
                                                     uint64_t seed,
                                                     Context context);

// What a run of a validated tree will need, by constants measured on one core.
Estimate EstimateProgram(const Component& root);

// Paths of every array of a run, in the order in which VisitState names them;
// makes no program.
std::vector<std::string> ArrayPaths(const Component& root);

// INVALID_ARGUMENT when the policy names an array that the tree does not have;
// says which are known.
absl::Status CheckRecord(const Component& root, const RecordPolicy& policy);

}  // namespace engram
