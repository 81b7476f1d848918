#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/queue/run_inputs.h"
#include "server/rpc/parts.h"
#include "server/rpc/resolver.h"

namespace engram {

// What the queue stores of them.
std::vector<ExperimentInput> InputsFor(
    const std::map<std::string, ResolvedInput>& inputs);

// Sees that the chunks of every input are in the store, and stay there for an
// hour: long enough to name them in a row. FAILED_PRECONDITION: some are not.
absl::Status KeepInputs(const std::map<std::string, ResolvedInput>& inputs,
                        const Parts& parts);

}  // namespace engram
