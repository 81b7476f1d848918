#include "client/cli/text/look.h"

#include "absl/strings/str_cat.h"

namespace engram::cli {
namespace {

// The sixteen colours that every terminal lets its user choose.
absl::string_view CodeOf(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kStrong:
      return "1";
    case Tone::kDim:
      return "2";
    case Tone::kGood:
      return "32";
    case Tone::kBad:
      return "31";
    case Tone::kActive:
      return "36";
    case Tone::kWarning:
      return "33";
  }
  return "";
}

}  // namespace

std::string Paint(absl::string_view text, Tone tone, const Look& look) {
  if (!look.color || tone == Tone::kPlain || text.empty()) {
    return std::string(text);
  }
  return absl::StrCat("\x1b[", CodeOf(tone), "m", text, "\x1b[0m");
}

}  // namespace engram::cli
