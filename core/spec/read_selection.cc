#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_value.h"

namespace engram {
namespace {

absl::Status Wrong(absl::string_view got, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", got, "\" is not a selection: ", what,
                   "; wanted all, a name, name[3], name[0:100], {of: all, "
                   "random: 50} or {projection: name, pre: 0, nth: 0}"));
}

bool IsIndex(absl::string_view text) {
  int64_t index = 0;
  return absl::SimpleAtoi(text, &index) && index >= 0 &&
         absl::ascii_isdigit(text[0]);
}

// "excitatory", or of a part of a circuit "column.L4E".
bool IsName(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  return std::ranges::all_of(parts, [](absl::string_view part) {
    return !part.empty() && absl::ascii_isalpha(part[0]) &&
           std::ranges::all_of(
               part, [](char c) { return absl::ascii_isalnum(c) || c == '_'; });
  });
}

// "3", "0:100", ":100", "100:"
absl::Status CheckRange(absl::string_view whole, absl::string_view range) {
  const std::vector<absl::string_view> ends = absl::StrSplit(range, ':');
  if (ends.size() > 2) return Wrong(whole, "a range has two ends");
  if (ends.size() == 1 && !IsIndex(range)) {
    return Wrong(whole, "an index is a whole number from 0");
  }
  for (const absl::string_view end : ends) {
    if (!end.empty() && !IsIndex(end)) {
      return Wrong(whole, "the ends of a range are whole numbers from 0");
    }
  }
  int64_t first = 0;
  int64_t last = 0;
  if (ends.size() == 2 && absl::SimpleAtoi(ends[0], &first) &&
      absl::SimpleAtoi(ends[1], &last) && first >= last) {
    return Wrong(whole, "the range is empty, its end lies behind its last");
  }
  return absl::OkStatus();
}

absl::StatusOr<Value> ReadText(const std::string& text) {
  const size_t bracket = text.find('[');
  if (!IsName(absl::string_view(text).substr(0, bracket))) {
    return Wrong(text,
                 "a name has letters, digits and _, that of a part of a "
                 "circuit a point before it");
  }
  if (bracket == std::string::npos) return Value(text);
  if (text.back() != ']') return Wrong(text, "the bracket is not closed");
  const absl::Status range = CheckRange(
      text,
      absl::string_view(text).substr(bracket + 1, text.size() - bracket - 2));
  if (!range.ok()) return range;
  return Value(text);
}

absl::StatusOr<Value> ReadCount(const std::string& key, const YamlNode& node) {
  int64_t count = 0;
  if (!node.IsScalar() || !IsIndex(node.text) ||
      !absl::SimpleAtoi(node.text, &count)) {
    return Wrong(key, absl::StrCat(key, " takes a whole number from 0"));
  }
  return Value(count);
}

absl::StatusOr<Value> ReadEntry(const std::string& key, const YamlNode& node) {
  if (key == "of") return ReadSelection(node);
  if (key != "projection") return ReadCount(key, node);
  if (!node.IsScalar() || !IsName(node.text)) {
    return Wrong(key, "projection takes a name");
  }
  return Value(node.text);
}

}  // namespace

absl::StatusOr<Value> ReadSelection(const YamlNode& node) {
  if (node.IsScalar()) return ReadText(node.text);
  if (!node.IsMap()) return Wrong(node.TypeName(), "not text and not a map");
  const bool is_sample = node.Find("of") != nullptr;
  const bool is_synapse = node.Find("projection") != nullptr;
  if (is_sample == is_synapse || (is_sample && !node.Find("random"))) {
    return Wrong("a map", "it has `of` and `random`, or `projection`");
  }
  const std::vector<std::string> allowed =
      is_sample ? std::vector<std::string>{"of", "random"}
                : std::vector<std::string>{"nth", "post", "pre", "projection"};
  Value::Map map;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i].name;
    if (std::ranges::find(allowed, key) == allowed.end()) {
      return Wrong(key, absl::StrCat("unknown key", SuggestName(key, allowed)));
    }
    absl::StatusOr<Value> entry = ReadEntry(key, node.items[i]);
    if (!entry.ok()) return entry.status();
    map.emplace(key, *std::move(entry));
  }
  return Value(std::move(map));
}

}  // namespace engram
