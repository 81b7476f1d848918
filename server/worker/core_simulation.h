#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "server/worker/simulation.h"

namespace engram {

// The run that an assignment's tree names, as the core executes it.
// INVALID_ARGUMENT when this build does not know the tree or an array that is
// to be recorded.
absl::StatusOr<std::unique_ptr<Simulation>> MakeCoreSimulation(
    const v1::RunAssignment& assignment, Context context);

}  // namespace engram
