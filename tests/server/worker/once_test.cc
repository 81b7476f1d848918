#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/sha256.h"
#include "core/programs/builtin.h"
#include "core/spec/experiment.h"
#include "tests/server/worker/flagship_tree.h"
#include "tests/server/worker/worker_process.h"

namespace engram {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

// In one read: with sanitizers the program has hundreds of megabytes.
std::string FileText(const std::string& path) {
  std::string text(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary)
      .read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

WorkerProcess::End Once(const std::string& tree,
                        std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"--once", "-"});
  WorkerProcess process(std::move(more));
  process.Tell(tree);
  return process.Wait();
}

TEST(OnceTest, PrintsTheThreeLinesThatNeverChange) {
  const auto tree =
      FromCanonicalJson(FlagshipTree("hebbian"), BuiltinCatalog());
  ASSERT_TRUE(tree.ok()) << tree.status();
  const std::string canonical = CanonicalJson(tree->first, tree->second);
  const WorkerProcess::End end = Once(canonical);
  EXPECT_EQ(end.code, 0) << end.err;
  const std::vector<std::string> lines = absl::StrSplit(end.out, '\n');
  ASSERT_EQ(lines.size(), 4u) << end.out;
  EXPECT_EQ(lines[0], "run_hash: s1:" + Sha256Hex(canonical));
  EXPECT_THAT(lines[1], MatchesRegex("result_hash: r1:[0-9a-f]{64}"));
  EXPECT_EQ(lines[2], "build: " + Sha256Hex(FileText(WorkerPath())));
  EXPECT_EQ(lines[3], "");
}

TEST(OnceTest, ThreadsAndTheTreesFormChangeNothing) {
  const std::string brief = FlagshipTree("stdp_rate");
  const auto tree = FromCanonicalJson(brief, BuiltinCatalog());
  ASSERT_TRUE(tree.ok()) << tree.status();
  const WorkerProcess::End one = Once(brief);
  EXPECT_EQ(one.code, 0) << one.err;
  for (const char* threads : {"2", "3"}) {
    EXPECT_EQ(
        Once(CanonicalJson(tree->first, tree->second), {"--threads", threads})
            .out,
        one.out);
  }
}

TEST(OnceTest, ReadsAFile) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      absl::StrCat("engram_once_", getpid(), ".json");
  std::ofstream(path) << FlagshipTree("anti_hebbian");
  const WorkerProcess::End end =
      WorkerProcess({"--once", path.string()}).Wait();
  std::filesystem::remove(path);
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(end.out, Once(FlagshipTree("anti_hebbian")).out);
}

TEST(OnceTest, SaysWhatIsWrongWithATree) {
  const WorkerProcess::End end = Once(FlagshipTree("hebian"));
  EXPECT_EQ(end.code, 2);
  EXPECT_EQ(end.out, "");
  EXPECT_THAT(end.err, HasSubstr("did you mean hebbian"));
  EXPECT_EQ(WorkerProcess({"--once", "/no/such/file"}).Wait().code, 2);
  EXPECT_EQ(Once("not a tree").code, 2);
}

TEST(WorkerFlagsTest, VersionIsTheFilesDigest) {
  for (const char* flag : {"--version", "--build"}) {
    const WorkerProcess::End end = WorkerProcess({flag}).Wait();
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.out, Sha256Hex(FileText(WorkerPath())) + "\n");
  }
}

TEST(WorkerFlagsTest, WhatCannotBeUsedEndsWith2) {
  EXPECT_EQ(WorkerProcess({}).Wait().code, 2);
  EXPECT_EQ(WorkerProcess({"--pool"}).Wait().code, 2);
  EXPECT_EQ(WorkerProcess({"--one", "-"}).Wait().code, 2);
  EXPECT_EQ(WorkerProcess({"--once", "-", "--threads", "0"}).Wait().code, 2);
  const WorkerProcess::End end =
      WorkerProcess({"--attach", "unix:/no/such/socket"}).Wait();
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.err, HasSubstr("ENGRAM_WORKER_TOKEN"));
}

}  // namespace
}  // namespace engram
