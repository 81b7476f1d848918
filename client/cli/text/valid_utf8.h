#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace engram::cli {

// Where text stops to be UTF-8, which is what a message may carry: overlong
// forms, surrogates and numbers above U+10FFFF are none. npos for all of it.
size_t FirstNotUtf8(absl::string_view text);

}  // namespace engram::cli
