#include "server/rpc/settings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

Surroundings At(std::map<std::string, std::string> variables) {
  return {
      .variable = [variables = std::move(variables)](
                      absl::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(std::string(name));
        if (found == variables.end()) return std::nullopt;
        return found->second;
      },
      .program_folder = "/opt/engram/bin",
      .cpus = 4,
      .memory = 10'000'000'000};
}

std::string WriteFile(const std::string& text) {
  const std::string path = absl::StrCat(
      testing::TempDir(), "/settings_",
      testing::UnitTest::GetInstance()->current_test_info()->name(), ".yaml");
  std::ofstream(path) << text;
  return path;
}

std::string MessageOf(const absl::StatusOr<Configuration>& read) {
  return std::string(read.status().message());
}

TEST(SettingsTest, DefaultsFollowTheSurroundings) {
  const auto read = ReadConfiguration(
      {}, At({{"HOME", "/home/ada"}, {"XDG_RUNTIME_DIR", "/run/user/7"}}));
  ASSERT_TRUE(read.ok()) << read.status();
  const Settings& settings = read->settings;
  EXPECT_EQ(settings.data, "/home/ada/.local/share/engram");
  EXPECT_EQ(settings.listen, "127.0.0.1:7070");
  EXPECT_EQ(settings.worker, "/opt/engram/bin/engram-worker");
  EXPECT_EQ(settings.workers, 4);
  EXPECT_EQ(settings.cpus, 4);
  EXPECT_EQ(settings.memory, 8'000'000'000);
  EXPECT_TRUE(absl::StartsWith(settings.socket, "/run/user/7/engram/workers-"));
}

TEST(SettingsTest, WithoutAHomeTheServicesFoldersAreUsed) {
  const auto read = ReadConfiguration({}, At({}));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->settings.data, "/var/lib/engram");
  EXPECT_EQ(read->settings.socket, "/var/lib/engram/run/workers.sock");
}

TEST(SettingsTest, SocketsOfTwoDataFoldersDiffer) {
  const auto surroundings = At({{"XDG_RUNTIME_DIR", "/run/user/7"}});
  const auto one = ReadConfiguration({"--data", "/a"}, surroundings);
  const auto other = ReadConfiguration({"--data", "/b"}, surroundings);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_NE(one->settings.socket, other->settings.socket);
}

TEST(SettingsTest, FlagsWinOverTheFileAndEachSaysWhereItIsFrom) {
  const std::string path =
      WriteFile("# of the lab\ncpus: 3\nmemory: 2 GiB\nworkers: 2\n");
  const auto read =
      ReadConfiguration({"--config", path, "--workers", "1"}, At({}));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->settings.cpus, 3);
  EXPECT_EQ(read->settings.memory, int64_t{2} << 30);
  EXPECT_EQ(read->settings.workers, 1);
  const std::string printed = PrintConfiguration(*read);
  EXPECT_TRUE(absl::StrContains(printed, path + ":2")) << printed;
  EXPECT_TRUE(absl::StrContains(printed, "# --workers")) << printed;
  EXPECT_TRUE(absl::StrContains(printed, "# default")) << printed;
}

TEST(SettingsTest, UnknownNamesGetTheNearestKnownOne) {
  EXPECT_TRUE(absl::StrContains(
      MessageOf(ReadConfiguration({"--worker-s", "2"}, At({}))), "--workers"));
  const std::string path = WriteFile("cpus: 3\nmemroy: 2 GB\n");
  const std::string message =
      MessageOf(ReadConfiguration({"--config", path}, At({})));
  EXPECT_TRUE(absl::StrContains(message, path + ":2")) << message;
  EXPECT_TRUE(absl::StrContains(message, "did you mean memory?")) << message;
}

TEST(SettingsTest, RefusesWhatAFileMustNotHold) {
  for (const char* text :
       {"cpus: 1\ncpus: 2\n", "cpus: [1]\n", "- cpus\n", "cpus: 'open\n"}) {
    const std::string path = WriteFile(text);
    EXPECT_EQ(ReadConfiguration({"--config", path}, At({})).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(SettingsTest, RefusesValuesOutsideTheirRange) {
  const std::vector<std::vector<std::string>> wrong = {
      {"--cpus", "0"},         {"--cpus", "many"},
      {"--memory", "1 kB"},    {"--memory", "2 GX"},
      {"--log-level", "loud"}, {"--workers", "-1"},
      {"--listen", "7070"},    {"--log-format", "xml"},
      {"--memory", "nan"},     {"--config", "/no/such/file"}};
  for (const auto& arguments : wrong) {
    EXPECT_FALSE(ReadConfiguration(arguments, At({})).ok()) << arguments[0];
  }
}

TEST(SettingsTest, PeriodsAndTheLowWaterMarkMayBeNone) {
  const auto none = ReadConfiguration(
      {"--backup-every", "0", "--disk-low-water", "0"}, At({}));
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->settings.backup_every_s, 0);
  EXPECT_EQ(none->settings.disk_low_water, 0);
  const auto some =
      ReadConfiguration({"--backup-every", "1.5 h", "--disk-low-water", "2 GB",
                         "--backup-keep", "3"},
                        At({}));
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_EQ(some->settings.backup_every_s, 5400);
  EXPECT_EQ(some->settings.disk_low_water, 2'000'000'000);
  EXPECT_EQ(some->settings.backup_keep, 3);
  for (const char* period : {"24", "h", "-1 h", "0.1 s", "9999 d", "1 week"}) {
    EXPECT_FALSE(ReadConfiguration({"--backup-every", period}, At({})).ok())
        << period;
  }
}

TEST(SettingsTest, LoopbackAloneIsListenedOnWithoutTls) {
  for (const char* address :
       {"127.0.0.1:7070", "127.8.9.1:0", "[::1]:7070", "localhost:7070"}) {
    EXPECT_TRUE(CheckListen("listen", address, false).ok()) << address;
    EXPECT_TRUE(CheckListen("listen", address, true).ok()) << address;
  }
  for (const char* address :
       {"0.0.0.0:7070", "192.168.1.2:7070", "[::]:7070", "[fd00::1]:7070"}) {
    const absl::Status status = CheckListen("http_listen", address, false);
    EXPECT_FALSE(status.ok()) << address;
    EXPECT_TRUE(absl::StartsWith(status.message(),
                                 absl::StrCat("http_listen = ", address)))
        << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "set tls_cert and tls_key"))
        << status;
    EXPECT_TRUE(CheckListen("http_listen", address, true).ok()) << address;
  }
}

TEST(SettingsTest, WhatIsNoAddressIsListenedOnByNobody) {
  for (const char* address :
       {"lab.example:7070", "127.0.0.1.evil:7070", "127.0.0.1", ":7070",
        "127.0.0.1:70700", "::1:7070", "[127.0.0.1]:7070", "127.1:7070"}) {
    EXPECT_FALSE(CheckListen("listen", address, false).ok()) << address;
    EXPECT_FALSE(CheckListen("listen", address, true).ok()) << address;
  }
}

TEST(SettingsTest, TlsTakesACertificateAndItsKey) {
  for (const char* lonely : {"--tls-cert", "--tls-key"}) {
    const std::string message =
        MessageOf(ReadConfiguration({lonely, "/a.pem"}, At({})));
    EXPECT_TRUE(absl::StrContains(message, lonely)) << message;
    EXPECT_TRUE(absl::StrContains(message, "needs tls_")) << message;
  }
  const auto read =
      ReadConfiguration({"--tls-cert", "/etc/engram/cert.pem", "--tls-key",
                         "key.pem", "--listen", "0.0.0.0:7070"},
                        At({}));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->settings.tls.cert, "/etc/engram/cert.pem");
  EXPECT_EQ(read->settings.tls.key,
            std::filesystem::current_path() / "key.pem");
}

TEST(SettingsTest, HelpAndVersionAreAnswers) {
  const auto help = ReadConfiguration({"--help"}, At({}));
  ASSERT_TRUE(help.ok());
  EXPECT_TRUE(absl::StrContains(help->answer, "--print-config"));
  const auto version = ReadConfiguration({"--version"}, At({}));
  ASSERT_TRUE(version.ok());
  EXPECT_TRUE(absl::StartsWith(version->answer, "engramd "));
}

}  // namespace
}  // namespace engram
