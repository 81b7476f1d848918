#include "core/spec/fault.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace engram {

std::string Fault::Format(const std::string& file) const {
  std::string text = file;
  if (line > 0) absl::StrAppend(&text, ":", line);
  if (!path.empty()) absl::StrAppend(&text, ": ", path);
  return absl::StrCat(text, ": ", message);
}

}  // namespace engram
