#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace engram::cli {

// A variable of the environment, if it is set and not empty.
using Environment =
    std::function<std::optional<std::string>(const std::string&)>;

// Which server, and as whom.
struct Settings {
  std::string server = "localhost:7070";
  std::string token;  // empty: none is known
  std::string file;   // where client.yaml is, or would be
  // What the user ought to know about the file: who else can read it.
  std::string warning;
};

// "$XDG_CONFIG_HOME/engram/client.yaml", or below "~/.config".
std::string SettingsFile(const Environment& environment);

// From the flags (empty where not given), then ENGRAM_SERVER and ENGRAM_TOKEN,
// then client.yaml, then the defaults.
absl::StatusOr<Settings> LoadSettings(const std::string& server_flag,
                                      const std::string& token_file_flag,
                                      const Environment& environment);

// Writes server and token to `settings.file`, readable by its owner alone,
// making its folder where it is missing.
absl::Status SaveSettings(const Settings& settings);

}  // namespace engram::cli
