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
  // PEM file of the authorities that may vouch for the server; empty: those
  // that this machine trusts.
  std::string ca;
  std::string file;  // where client.yaml is, or would be
  // What the user ought to know about the file: who else can read it.
  std::string warning;
};

// "$XDG_CONFIG_HOME/engram/client.yaml", or below "~/.config".
std::string SettingsFile(const Environment& environment);

// What was given on the command line; empty where it was not.
struct SettingFlags {
  std::string server = "";
  std::string token_file = "";
  std::string ca = "";
};

// From the flags, then ENGRAM_SERVER, ENGRAM_TOKEN and ENGRAM_CA, then
// client.yaml, then the defaults. The authority that client.yaml names is for
// the server that it names, and for no other.
absl::StatusOr<Settings> LoadSettings(const SettingFlags& flags,
                                      const Environment& environment);

// What is in the file `settings.ca`; empty for none. INVALID_ARGUMENT: it
// cannot be read, or holds no certificate.
absl::StatusOr<std::string> ReadAuthorities(const Settings& settings);

// Writes server, token and authority to `settings.file`, readable by its owner
// alone, making its folder where it is missing.
absl::Status SaveSettings(const Settings& settings);

}  // namespace engram::cli
