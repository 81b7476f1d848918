#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace engram::cli {

// Cells that `text` takes on a terminal: wide East Asian characters take two,
// combining marks and ANSI sequences none.
int DisplayWidth(absl::string_view text);

// `text` with spaces after (or before) it up to `width` cells.
std::string PadRight(absl::string_view text, int width);
std::string PadLeft(absl::string_view text, int width);

// At most `width` cells of `text`; an ellipsis stands for what was cut, and
// colours end there.
std::string Truncate(absl::string_view text, int width);

// `text` in one line and without control characters: what others wrote can
// neither break a table nor steer the reader's terminal.
std::string Printable(absl::string_view text);

// `text` broken at spaces into lines of at most `width` cells.
std::string Wrap(absl::string_view text, int width, absl::string_view indent);

}  // namespace engram::cli
