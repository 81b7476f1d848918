// Every field of every message on the wire and in the store has a comment
// right before it.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

std::vector<std::string> Lines(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// "file:line: text" of each field of a message without a comment.
std::vector<std::string> Bare(const std::filesystem::path& path) {
  const std::regex opens(R"(^\s*(message|oneof|enum|service|extend)\s.*\{$)");
  const std::regex closes(R"(^\s*\}$)");
  const std::regex field(
      R"(^\s*(repeated |optional )?(map<.*>|[\w.]+) \w+ = \d+.*;$)");
  const std::regex comment(R"(^\s*//.*$)");
  std::vector<std::string> kinds, bare;
  const std::vector<std::string> lines = Lines(path);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_match(lines[i], match, opens)) {
      kinds.push_back(match[1]);
    } else if (std::regex_match(lines[i], closes) && !kinds.empty()) {
      kinds.pop_back();
    } else if (!kinds.empty() &&
               (kinds.back() == "message" || kinds.back() == "oneof") &&
               std::regex_match(lines[i], field) &&
               !std::regex_match(lines[i - 1], comment)) {
      bare.push_back(
          absl::StrCat(path.filename().string(), ":", i + 1, ":", lines[i]));
    }
  }
  return bare;
}

TEST(ProtoCommentTest, EveryFieldHasOne) {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::string(ENGRAM_SOURCE_DIR) + "/proto/engram")) {
    if (entry.path().extension() != ".proto") continue;
    ++files;
    for (const std::string& line : Bare(entry.path())) {
      ADD_FAILURE() << "no comment before " << line;
    }
  }
  EXPECT_GT(files, 10);
}

}  // namespace
}  // namespace engram
