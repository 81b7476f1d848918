#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "core/programs/program.h"

namespace engram {

// Gives the array at `path`, of whatever verb, to the recorder as of `step`.
// ContractViolation when the program names no such array.
void WriteSnapshot(Program& program, absl::string_view path, int64_t step,
                   Recorder& out);

}  // namespace engram
