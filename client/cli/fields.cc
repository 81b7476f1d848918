#include "client/cli/fields.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {

void Fields::Add(std::string name, std::string value, Tone tone) {
  fields_.push_back({std::move(name), {Printable(value), tone}});
}

void Fields::AddIf(std::string name, std::string value) {
  if (!value.empty()) Add(std::move(name), std::move(value));
}

std::string Fields::Render(const Look& look) const {
  int width = 0;
  for (const Field& field : fields_) {
    width = std::max(width, DisplayWidth(field.name));
  }
  std::string text;
  for (const Field& field : fields_) {
    absl::StrAppend(&text, Paint(PadRight(field.name, width), Tone::kDim, look),
                    "  ", Paint(field.value.text, field.value.tone, look),
                    "\n");
  }
  return text;
}

}  // namespace engram::cli
