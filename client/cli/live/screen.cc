#include "client/cli/live/screen.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {
namespace {

constexpr char kHideCursor[] = "\x1b[?25l";
constexpr char kShowCursor[] = "\x1b[?25h";
constexpr char kClearRestOfLine[] = "\x1b[K";
constexpr char kClearBelow[] = "\x1b[J";
// Terminals that know it show the whole frame at once; others ignore it.
constexpr char kBeginFrame[] = "\x1b[?2026h";
constexpr char kEndFrame[] = "\x1b[?2026l";

}  // namespace

void Screen::Draw(const std::vector<std::string>& lines, int width) {
  std::string frame = kBeginFrame;
  if (!drawing_) frame += kHideCursor;
  drawing_ = true;
  int rows = 0;
  for (const int cells : drawn_) {
    rows += std::max(1, (cells + width - 1) / std::max(1, width));
  }
  if (rows > 0) absl::StrAppend(&frame, "\x1b[", rows, "A");
  frame += '\r';
  drawn_.clear();
  for (const std::string& line : lines) {
    absl::StrAppend(&frame, line, kClearRestOfLine, "\n");
    drawn_.push_back(DisplayWidth(line));
  }
  absl::StrAppend(&frame, kClearBelow, kEndFrame);
  *out_ << frame << std::flush;
}

void Screen::Release() {
  if (!drawing_) return;
  drawing_ = false;
  drawn_.clear();
  *out_ << kShowCursor << std::flush;
}

}  // namespace engram::cli
