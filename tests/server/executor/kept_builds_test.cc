#include "server/executor/kept_builds.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class KeptBuildsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "/engram-builds-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    Write(folder_ / "engram-worker", kProgram);
    builds_ = Open();
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<KeptBuilds> Open() {
    auto builds = KeptBuilds::Open(folder_ / "builds");
    EXPECT_TRUE(builds.ok()) << builds.status();
    return builds.ok() ? *std::move(builds) : nullptr;
  }
  static void Write(const fs::path& path, const std::string& bytes) {
    fs::remove(path);
    std::ofstream(path, std::ios::binary) << bytes;
  }
  static std::string Read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::string kProgram = "#!/bin/sh\necho simulates\n";
  const std::string id_ = Sha256Hex(kProgram);
  fs::path folder_;
  std::unique_ptr<KeptBuilds> builds_;
};

TEST_F(KeptBuildsTest, AProgramIsCopiedUnderItsHash) {
  const auto kept = builds_->Keep(folder_ / "engram-worker");
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->id, id_);
  EXPECT_EQ(kept->byte_size, std::ssize(kProgram));
  const auto program = builds_->Program(id_);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_EQ(Read(*program), kProgram);
  struct stat facts;
  ASSERT_EQ(stat(program->c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0500u);
}

TEST_F(KeptBuildsTest, IsThereAfterARestartWithoutTheOriginal) {
  ASSERT_TRUE(builds_->Keep(folder_ / "engram-worker").ok());
  Write(folder_ / "engram-worker", "another one");
  builds_ = Open();
  EXPECT_TRUE(builds_->Has(id_));
  EXPECT_TRUE(builds_->Program(id_).ok());
  ASSERT_TRUE(builds_->Keep(folder_ / "engram-worker").ok());
  EXPECT_THAT(builds_->List(), SizeIs(2));
}

TEST_F(KeptBuildsTest, ADamagedFileIsNotStartedAndIsReplacedByAnIntactOne) {
  ASSERT_TRUE(builds_->Keep(folder_ / "engram-worker").ok());
  Write(folder_ / "builds" / id_, "#!/bin/sh\necho lies\n");
  builds_ = Open();
  EXPECT_TRUE(builds_->Has(id_));
  const auto program = builds_->Program(id_);
  EXPECT_EQ(program.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(program.status().message(), HasSubstr("put an intact copy"));
  EXPECT_FALSE(builds_->Has(id_));
  ASSERT_TRUE(builds_->Keep(folder_ / "engram-worker").ok());
  EXPECT_EQ(Read(*builds_->Program(id_)), kProgram);
}

TEST_F(KeptBuildsTest, WhatACopyThatWasInterruptedLeftIsRemoved) {
  Write(folder_ / "builds" / (id_ + ".copy"), "#!/bin");
  Write(folder_ / "builds" / "notes.txt", "mine");
  builds_ = Open();
  EXPECT_THAT(builds_->List(), IsEmpty());
  EXPECT_FALSE(fs::exists(folder_ / "builds" / (id_ + ".copy")));
  EXPECT_TRUE(fs::exists(folder_ / "builds" / "notes.txt"));
}

TEST_F(KeptBuildsTest, IsGoneWhenItIsRemoved) {
  ASSERT_TRUE(builds_->Keep(folder_ / "engram-worker").ok());
  ASSERT_TRUE(builds_->Remove(id_).ok());
  EXPECT_FALSE(builds_->Has(id_));
  EXPECT_FALSE(fs::exists(folder_ / "builds" / id_));
  EXPECT_EQ(builds_->Program(id_).status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(builds_->Remove(id_).ok());
}

TEST_F(KeptBuildsTest, AProgramThatIsNotThereIsRefused) {
  const auto kept = builds_->Keep(folder_ / "nowhere");
  EXPECT_EQ(kept.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(builds_->List(), IsEmpty());
}

}  // namespace
}  // namespace engram
