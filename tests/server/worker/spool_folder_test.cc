#include "server/worker/spool_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SpoolFolderTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::string parent_ = folder_.path() + "/data/spool";
};

TEST_F(SpoolFolderTest, IsMadeForThisUserAloneAndRemovedAtTheEnd) {
  std::string path;
  {
    const auto own = SpoolFolder::Make(parent_);
    ASSERT_TRUE(own.ok()) << own.status();
    path = own->path();
    EXPECT_EQ(fs::path(path).parent_path(), parent_);
    std::ofstream(path + "/1") << "bytes";
    for (const std::string& folder : {parent_, path}) {
      struct stat facts {};
      ASSERT_EQ(stat(folder.c_str(), &facts), 0);
      EXPECT_EQ(facts.st_mode & 0777, 0700u) << folder;
    }
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(parent_));
}

TEST_F(SpoolFolderTest, LeavesThoseThatLiveAndRemovesThoseThatDied) {
  const auto living = SpoolFolder::Make(parent_);
  ASSERT_TRUE(living.ok());
  // What a killed process leaves: a folder that nobody has locked.
  const std::string dead = parent_ + "/worker-12345-abcdef";
  fs::create_directory(dead);
  std::ofstream(dead + "/1") << "bytes";
  std::ofstream(parent_ + "/notes") << "of somebody's";
  const auto next = SpoolFolder::Make(parent_);
  ASSERT_TRUE(next.ok());
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(living->path()));
  EXPECT_NE(living->path(), next->path());
  EXPECT_TRUE(fs::exists(parent_ + "/notes"));
}

TEST_F(SpoolFolderTest, SaysWhichFolderCannotBeUsed) {
  std::ofstream(folder_.path() + "/file") << "x";
  const auto made = SpoolFolder::Make(folder_.path() + "/file/spool");
  EXPECT_FALSE(made.ok());
  EXPECT_THAT(std::string(made.status().message()),
              testing::AllOf(HasSubstr(folder_.path() + "/file/spool"),
                             HasSubstr("--spool")));
}

TEST_F(SpoolFolderTest, DoesNotFollowALinkThatSomebodyElseMayHaveLaid) {
  fs::create_directory(folder_.path() + "/elsewhere");
  fs::create_directory_symlink(folder_.path() + "/elsewhere",
                               folder_.path() + "/link");
  EXPECT_FALSE(SpoolFolder::Make(folder_.path() + "/link").ok());
}

}  // namespace
}  // namespace engram
