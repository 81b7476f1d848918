#include "client/cli/scope.h"

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace engram::cli {
namespace {

// A number and a unit of `units`, apart or not.
absl::StatusOr<double> ParseQuantity(
    const std::string& text,
    const std::vector<std::pair<std::string, double>>& units,
    const std::string& example) {
  const size_t end = text.find_first_not_of("0123456789.");
  const std::string number = text.substr(0, end);
  const std::string unit(absl::StripAsciiWhitespace(
      end == std::string::npos ? "" : text.substr(end)));
  double value = 0;
  const bool is_number = absl::SimpleAtod(number, &value);
  for (const auto& [name, factor] : units) {
    if (is_number && name == unit) return value * factor;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(text, ": wanted a number with a unit (",
                   absl::StrJoin(units, ", ",
                                 [](std::string* out, const auto& entry) {
                                   absl::StrAppend(out, entry.first);
                                 }),
                   "), such as '", example, "'"));
}

}  // namespace

std::string ScopeWord(v1::Scope scope) {
  constexpr size_t kPrefix = sizeof("SCOPE_") - 1;
  if (!v1::Scope_IsValid(scope)) return "unknown";
  return absl::AsciiStrToLower(v1::Scope_Name(scope).substr(kPrefix));
}

absl::StatusOr<absl::Duration> ParseLife(const std::string& text) {
  const auto seconds = ParseQuantity(
      text, {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}}, "90 d");
  if (!seconds.ok()) return seconds.status();
  return absl::Seconds(*seconds);
}

absl::StatusOr<int64_t> ParseBytes(const std::string& text) {
  const auto bytes = ParseQuantity(
      text, {{"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}},
      "50 GB");
  if (!bytes.ok()) return bytes.status();
  return std::llround(*bytes);
}

}  // namespace engram::cli
