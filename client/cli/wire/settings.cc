#include "client/cli/wire/settings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/text/nearest.h"

namespace engram::cli {
namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

absl::Status ReadEntry(const std::string& file, const std::string& key,
                       const YAML::Node& value, Settings* settings) {
  static const std::vector<std::string> kKeys = {"server", "token", "ca"};
  if (!value.IsScalar()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ", key, " must be a text"));
  }
  if (key == "server") {
    settings->server = value.Scalar();
  } else if (key == "token") {
    settings->token = value.Scalar();
  } else if (key == "ca") {
    settings->ca = value.Scalar();
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": unknown key ", key, DidYouMean(key, kKeys),
                     " (keys are server, token and ca)"));
  }
  return absl::OkStatus();
}

absl::Status ReadClientYaml(const std::string& file, Settings* settings) {
  struct stat info;
  if (stat(file.c_str(), &info) != 0) return absl::OkStatus();
  if ((info.st_mode & kOthers) != 0) {
    settings->warning = absl::StrCat("others can read the token in ", file,
                                     "; shut them out with: chmod 600 ", file);
  }
  try {
    const YAML::Node root = YAML::LoadFile(file);
    if (root.IsNull()) return absl::OkStatus();
    if (!root.IsMap()) {
      return absl::InvalidArgumentError(absl::StrCat(
          file, ": must hold the keys server and token; write it anew with: ",
          "engram login"));
    }
    for (const auto& entry : root) {
      const absl::Status status = ReadEntry(file, entry.first.as<std::string>(),
                                            entry.second, settings);
      if (!status.ok()) return status;
    }
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ":", error.mark.line + 1, ": ", error.msg));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& what,
                                     const std::string& file) {
  std::ifstream stream(file);
  if (!stream) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, " ", file, " cannot be read: ", std::strerror(errno)));
  }
  return std::string((std::istreambuf_iterator<char>(stream)), {});
}

absl::StatusOr<std::string> ReadToken(const std::string& file) {
  const auto text = ReadFile("token file", file);
  if (!text.ok()) return text.status();
  const std::string token(absl::StripAsciiWhitespace(*text));
  if (token.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("token file ", file, " is empty"));
  }
  return token;
}

}  // namespace

std::string SettingsFile(const Environment& environment) {
  if (const auto folder = environment("XDG_CONFIG_HOME")) {
    return absl::StrCat(*folder, "/engram/client.yaml");
  }
  return absl::StrCat(environment("HOME").value_or(""),
                      "/.config/engram/client.yaml");
}

absl::StatusOr<Settings> LoadSettings(const SettingFlags& flags,
                                      const Environment& environment) {
  Settings settings;
  settings.file = SettingsFile(environment);
  absl::Status status = ReadClientYaml(settings.file, &settings);
  if (!status.ok()) return status;
  const std::string stored_server = settings.server;
  if (const auto server = environment("ENGRAM_SERVER")) {
    settings.server = *server;
  }
  if (const auto token = environment("ENGRAM_TOKEN")) settings.token = *token;
  if (!flags.server.empty()) settings.server = flags.server;
  if (settings.server != stored_server) settings.ca.clear();
  if (const auto ca = environment("ENGRAM_CA")) settings.ca = *ca;
  if (!flags.ca.empty()) settings.ca = flags.ca;
  if (!flags.token_file.empty()) {
    auto token = ReadToken(flags.token_file);
    if (!token.ok()) return token.status();
    settings.token = *token;
  }
  return settings;
}

absl::StatusOr<std::string> ReadAuthorities(const Settings& settings) {
  if (settings.ca.empty()) return std::string();
  auto text = ReadFile("the authority's file", settings.ca);
  if (!text.ok()) return text.status();
  if (!absl::StrContains(*text, "-----BEGIN CERTIFICATE-----")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the authority's file ", settings.ca,
        " holds no certificate in PEM form; ask who runs the server for it"));
  }
  return text;
}

absl::Status SaveSettings(const Settings& settings) {
  const std::filesystem::path file(settings.file);
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  YAML::Emitter yaml;
  yaml << YAML::BeginMap << YAML::Key << "server" << YAML::Value
       << settings.server << YAML::Key << "token" << YAML::Value
       << YAML::DoubleQuoted << settings.token;
  if (!settings.ca.empty()) {
    // Later calls come from other folders.
    yaml << YAML::Key << "ca" << YAML::Value << YAML::DoubleQuoted
         << std::filesystem::absolute(settings.ca, error).string();
  }
  yaml << YAML::EndMap;
  const std::string text = absl::StrCat(yaml.c_str(), "\n");
  // Beside the old file and then in its place: nobody ever sees half of it,
  // and no mode of an older file is inherited.
  const std::string fresh = absl::StrCat(settings.file, ".new");
  unlink(fresh.c_str());
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
  bool written = fd >= 0;
  if (written) {
    written = write(fd, text.data(), text.size()) ==
              static_cast<ssize_t>(text.size());
    written = close(fd) == 0 && written;
  }
  if (!written || rename(fresh.c_str(), settings.file.c_str()) != 0) {
    return absl::InternalError(absl::StrCat(
        settings.file, " cannot be written: ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

}  // namespace engram::cli
