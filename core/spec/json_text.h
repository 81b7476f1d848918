#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/spec/component.h"
#include "core/spec/value.h"

namespace engram {

// Canonical JSON: keys sorted by their bytes, no white space, reals as the
// shortest round-trip text.
void AppendJsonText(absl::string_view text, std::string& json);
void AppendJson(const Value& value, std::string& json);
void AppendJson(const Component& component, std::string& json);

// A value as it reads in a table or a message: text without quotes.
std::string DisplayText(const Value& value);

}  // namespace engram
