#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace engram::cli {

// What a text means; colours follow from it.
enum class Tone { kPlain, kStrong, kDim, kGood, kBad, kActive, kWarning };

// How text may look where it goes.
struct Look {
  bool color = false;
  int width = 0;  // cells; 0 where there is no edge
  int height = 0;
};

// `text` in the colours of `tone`, or as it is.
std::string Paint(absl::string_view text, Tone tone, const Look& look);

}  // namespace engram::cli
