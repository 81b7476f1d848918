#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/sha256.h"

namespace engram::store {

// Sixteen hexadecimal digits that change with what they are made of.
inline std::string EtagOf(absl::string_view text,
                          const std::vector<std::string>& parts = {}) {
  std::string all = absl::StrCat(text.size(), ":", text);
  for (const std::string& part : parts)
    absl::StrAppend(&all, ",", part.size(), ":", part);
  return Sha256Hex(all).substr(0, 16);
}

}  // namespace engram::store
