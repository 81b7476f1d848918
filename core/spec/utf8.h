#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace engram {

// Where the first byte lies that is not part of valid UTF-8 (RFC 3629), or is
// a control character other than tab and line breaks; npos when there is none.
size_t FirstBadUtf8(absl::string_view text);

}  // namespace engram
