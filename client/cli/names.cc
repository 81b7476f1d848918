#include "client/cli/names.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace engram::cli {
namespace {

constexpr size_t kHashLetters = 12;

// The parts of a name that are no collection: {"k7m2q9xw4p", "17"}.
std::vector<std::string> Ids(absl::string_view name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  if (parts[0] != "experiments") return parts;
  std::vector<std::string> ids;
  for (size_t i = 1; i < parts.size(); i += 2) ids.push_back(parts[i]);
  return ids;
}

std::string Ending(const std::string& path, size_t segments) {
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  const size_t from = parts.size() > segments ? parts.size() - segments : 0;
  return absl::StrJoin(parts.begin() + static_cast<ptrdiff_t>(from),
                       parts.end(), ".");
}

size_t Segments(const std::string& path) {
  return 1 + static_cast<size_t>(std::count(path.begin(), path.end(), '.'));
}

}  // namespace

std::string ShortName(absl::string_view name) {
  if (absl::StartsWith(name, "experiments/")) {
    return absl::StrJoin(Ids(name), "/");
  }
  const size_t slash = name.find('/');
  return std::string(slash == absl::string_view::npos ? name
                                                      : name.substr(slash + 1));
}

std::string ExperimentId(absl::string_view name) {
  const std::vector<std::string> ids = Ids(name);
  return ids.empty() ? "" : ids[0];
}

std::string RunNumber(absl::string_view name) {
  const std::vector<std::string> ids = Ids(name);
  return ids.size() < 2 ? "" : ids[1];
}

bool IsRunName(absl::string_view name) { return !RunNumber(name).empty(); }

std::string FullName(absl::string_view name) {
  if (absl::StartsWith(name, "experiments/")) return std::string(name);
  const std::string run = RunNumber(name);
  return run.empty()
             ? absl::StrCat("experiments/", name)
             : absl::StrCat("experiments/", ExperimentId(name), "/runs/", run);
}

std::map<std::string, std::string> ShortPaths(
    const std::vector<std::string>& paths) {
  std::map<std::string, std::string> endings;
  for (const std::string& path : paths) {
    size_t segments = 2;
    const auto shared = [&](const std::string& other) {
      return other != path && Ending(other, segments) == Ending(path, segments);
    };
    while (segments < Segments(path) &&
           std::any_of(paths.begin(), paths.end(), shared)) {
      ++segments;
    }
    endings[path] = Ending(path, segments);
  }
  return endings;
}

std::string ShortHash(absl::string_view hash) {
  const size_t colon = hash.find(':');
  const size_t start = colon == absl::string_view::npos ? 0 : colon + 1;
  return std::string(hash.substr(0, start + kHashLetters));
}

}  // namespace engram::cli
