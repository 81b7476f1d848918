#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace engram {

// OK for a text that is one JSON value (RFC 8259) in UTF-8, nested at most 64
// deep. INVALID_ARGUMENT says line, column, what is there and what was
// expected. Protobuf's own reader is lenient, and names no position.
absl::Status CheckJsonSyntax(absl::string_view text);

}  // namespace engram
