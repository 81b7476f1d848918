#include "server/rpc/first_start.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "server/executor/worker_tokens.h"
#include "server/rpc/private_folder.h"
#include "server/store/store.h"

namespace engram {
namespace {

std::string TextOf(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

mode_t ModeOf(const std::filesystem::path& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

class FirstStartTest : public testing::Test {
 protected:
  FirstStartTest() {
    std::string pattern = testing::TempDir() + "/first-start-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    store::StoreOptions options;
    options.folder = folder_ / "data";
    auto store = store::Store::Open(options);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    auto tokens = Tokens::Open(*store_, workers_, [] { return int64_t{5}; });
    EXPECT_TRUE(tokens.ok());
    tokens_ = *std::move(tokens);
  }
  ~FirstStartTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string Make(bool has_home) {
    Surroundings surroundings;
    const std::string home = folder_ / "home";
    surroundings.variable =
        [=](absl::string_view name) -> std::optional<std::string> {
      if (name == "USER") return "ada";
      if (name == "HOME" && has_home) return home;
      return std::nullopt;
    };
    const auto made = MakeFirstAdmin(*store_, *tokens_, folder_ / "data",
                                     "127.0.0.1:7070", surroundings, 5);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->value_or("") : "";
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  WorkerTokens workers_;
  std::unique_ptr<Tokens> tokens_;
};

TEST_F(FirstStartTest, WithAHomeTheClientIsSetUp) {
  const std::string path = Make(true);
  EXPECT_EQ(path, folder_ / "home/.config/engram/client.yaml");
  EXPECT_EQ(ModeOf(path), 0600u);
  const std::string text = TextOf(path);
  EXPECT_TRUE(absl::StrContains(text, "server: 127.0.0.1:7070\n"));
  const std::string secret = text.substr(text.find("engram_"), 71);
  const auto caller = tokens_->Check("Bearer " + secret);
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->user, "users/ada");
  EXPECT_TRUE(caller->IsAdmin());
}

TEST_F(FirstStartTest, WithoutAHomeTheDataFolderHoldsTheToken) {
  const std::string path = Make(false);
  EXPECT_EQ(path, folder_ / "data/admin.token");
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_EQ(TextOf(path).size(), 72u);
}

TEST_F(FirstStartTest, HappensOnce) {
  EXPECT_NE(Make(false), "");
  EXPECT_EQ(Make(false), "");
}

TEST_F(FirstStartTest, AnotherServersClientSettingsStay) {
  const auto folder = folder_ / "home/.config/engram";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "client.yaml") << "server: lab:7070\ntoken: t\n";
  EXPECT_EQ(Make(true), folder_ / "data/admin.token");
  EXPECT_EQ(TextOf(folder / "client.yaml"), "server: lab:7070\ntoken: t\n");
}

TEST_F(FirstStartTest, ATokenOfAnotherDataFolderIsKeptBesideTheNewOne) {
  const auto folder = folder_ / "home/.config/engram";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "client.yaml") << "server: 127.0.0.1:7070\ntoken: t\n";
  std::ofstream(folder / "client.yaml.old") << "older";
  EXPECT_EQ(Make(true), folder / "client.yaml");
  EXPECT_TRUE(absl::StrContains(TextOf(folder / "client.yaml"), "engram_"));
  EXPECT_EQ(ModeOf(folder / "client.yaml"), 0600u);
  EXPECT_EQ(TextOf(folder / "client.yaml.old"), "older");
  EXPECT_EQ(TextOf(folder / "client.yaml.old2"),
            "server: 127.0.0.1:7070\ntoken: t\n");
  EXPECT_EQ(ModeOf(folder / "client.yaml.old2"), 0600u);
}

TEST(PrivateFolderTest, AFolderOfOursIsClosedToOthers) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) /
      ("private-folder-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  ASSERT_EQ(chmod(folder.c_str(), 0755), 0);
  EXPECT_TRUE(MakePrivateFolder(folder).ok());
  EXPECT_EQ(ModeOf(folder), 0755u);
  EXPECT_TRUE(CloseToOthers(folder).ok());
  EXPECT_EQ(ModeOf(folder), 0700u);
  std::filesystem::remove(folder);
  EXPECT_FALSE(CloseToOthers(folder).ok());
}

}  // namespace
}  // namespace engram
