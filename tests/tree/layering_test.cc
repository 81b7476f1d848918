// A header that is installed system-wide compiles whether or not its library
// is linked, so the link graph proves nothing: this reads the #include lines
// and fails on one that points the wrong way.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;  // relative to the root
  int line;
  std::string target;
};

bool StartsWith(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

bool IsSource(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc";
}

std::vector<Include> IncludesUnder(const std::string& folder) {
  static const std::regex kInclude(R"(^\s*#include\s+[<"]([^>"]+)[>"])");
  const fs::path root = ENGRAM_SOURCE_DIR;
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    if (!entry.is_regular_file() || !IsSource(entry.path())) continue;
    std::ifstream in(entry.path());
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      std::smatch match;
      if (std::regex_search(line, match, kInclude)) {
        found.push_back({fs::relative(entry.path(), root).string(), number,
                         match[1].str()});
      }
    }
  }
  return found;
}

// A file under `folder`, unless under one of `except`, may include nothing
// that starts with one of `forbidden`.
struct Rule {
  std::string folder;
  std::vector<std::string> except;
  std::vector<std::string> forbidden;
};

std::vector<std::string> Violations(const Rule& rule) {
  std::vector<std::string> violations;
  for (const Include& include : IncludesUnder(rule.folder)) {
    const auto is_prefix_of = [](const std::string& text) {
      return [&text](const std::string& p) { return StartsWith(text, p); };
    };
    if (std::any_of(rule.except.begin(), rule.except.end(),
                    is_prefix_of(include.file))) {
      continue;
    }
    if (std::any_of(rule.forbidden.begin(), rule.forbidden.end(),
                    is_prefix_of(include.target))) {
      violations.push_back(include.file + ":" + std::to_string(include.line) +
                           " includes " + include.target);
    }
  }
  return violations;
}

const std::vector<std::string> kWire = {"grpc", "google/", "engram/v1/",
                                        "engram/store/"};

TEST(LayeringTest, CoreKnowsNoServerClientWireOrTable) {
  Rule rule{"core",
            {},
            {"server/", "client/", "tests/", "sqlite3.h", "SQLiteCpp", "spdlog",
             "CLI/", "boost/", "sys/", "unistd.h", "filesystem", "fstream",
             "chrono"}};
  // Waiting with a time limit needs <chrono>; nothing of the core does wait so.
  // Memory is advised to be held in huge pages, which changes no result.
  rule.except = {"core/base/mutex.h", "core/base/huge_pages.cc"};
  rule.forbidden.insert(rule.forbidden.end(), kWire.begin(), kWire.end());
  EXPECT_EQ(Violations(rule), std::vector<std::string>{});
}

TEST(LayeringTest, YamlStaysInSpec) {
  EXPECT_EQ(Violations({"core", {"core/spec/"}, {"yaml-cpp"}}),
            std::vector<std::string>{});
}

TEST(LayeringTest, BaseStandsBelowEverythingElseOfTheCore) {
  EXPECT_EQ(
      Violations({"core/base",
                  {},
                  {"core/spec", "core/networks", "core/rules", "core/tasks",
                   "core/analyses", "core/programs", "core/presets"}}),
      std::vector<std::string>{});
}

TEST(LayeringTest, SpecKnowsNoModel) {
  EXPECT_EQ(Violations({"core/spec",
                        {},
                        {"core/networks", "core/rules", "core/tasks",
                         "core/analyses", "core/programs", "core/presets"}}),
            std::vector<std::string>{});
}

TEST(LayeringTest, ModelsKnowNoProgram) {
  for (const char* folder :
       {"core/networks", "core/rules", "core/tasks", "core/analyses"}) {
    EXPECT_EQ(Violations({folder, {}, {"core/presets"}}),
              std::vector<std::string>{});
  }
}

TEST(LayeringTest, SqliteStaysInTheStore) {
  EXPECT_EQ(
      Violations({"server", {"server/store/"}, {"sqlite3.h", "SQLiteCpp"}}),
      std::vector<std::string>{});
}

TEST(LayeringTest, GrpcStaysInCallsWorkerAndMain) {
  EXPECT_EQ(Violations({"server",
                        {"server/rpc/", "server/worker/", "server/gateway/",
                         "server/main.cc"},
                        {"grpc"}}),
            std::vector<std::string>{});
}

TEST(LayeringTest, WorkerNeverSeesTheStoreOrTheQueue) {
  EXPECT_EQ(Violations({"server/worker",
                        {},
                        {"server/store", "server/queue", "server/executor",
                         "server/rpc", "server/watch"}}),
            std::vector<std::string>{});
}

TEST(LayeringTest, StoreKnowsNothingAboveIt) {
  EXPECT_EQ(Violations({"server/store",
                        {},
                        {"server/rpc", "server/executor", "server/watch",
                         "server/worker", "engram/v1/"}}),
            std::vector<std::string>{});
}

TEST(LayeringTest, ClientUsesTheWireContractAlone) {
  EXPECT_EQ(Violations({"client", {}, {"core/", "server/"}}),
            std::vector<std::string>{});
}

TEST(LayeringTest, NothingUsesTests) {
  for (const char* folder : {"core", "server", "client"}) {
    EXPECT_EQ(Violations({folder, {}, {"tests/"}}), std::vector<std::string>{});
  }
}

TEST(LayeringTest, EveryHeaderSaysPragmaOnceAndNoUsingNamespace) {
  const fs::path root = ENGRAM_SOURCE_DIR;
  for (const char* folder : {"core", "server", "client"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream in(entry.path());
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      EXPECT_NE(text.find("#pragma once"), std::string::npos) << entry.path();
      EXPECT_EQ(text.find("using namespace"), std::string::npos)
          << entry.path();
    }
  }
}

}  // namespace
