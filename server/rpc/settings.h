#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/rpc/certificate.h"

namespace engram {

// How engramd is set up. Every key may stand in engramd.yaml and is a flag of
// the same name (with '-' for '_'), which wins.
struct Settings {
  std::string data;         // folder of everything that is kept
  std::string listen;       // "127.0.0.1:7070"; port 0 takes a free one
  std::string http_listen;  // "127.0.0.1:7080"; empty: no HTTP
  TlsFiles tls;             // tls_cert and tls_key; empty: plain text
  std::string web;          // folder of the dashboard's files; may be absent
  std::string socket;       // Unix socket for the workers of this machine
  std::string worker;       // path of the engram-worker program
  int workers = 0;          // processes that execute runs
  int cpus = 0;             // that all runs together may use
  int64_t memory = 0;       // the same [bytes]
  // Below so many free bytes new runs are refused and none starts; 0: never.
  int64_t disk_low_water = 0;
  int64_t backup_every_s = 0;  // 0: no backup is made by itself
  int backup_keep = 0;         // of those, the newest that are kept
  std::string log_level;       // debug, info, warn or error
  std::string log_format;      // json or text
};

// Where a value came from, for --print-config.
struct SettingOrigin {
  std::string key;
  std::string value;   // as it was written
  std::string origin;  // "default", "/etc/engram/engramd.yaml:3", "--data"
};

struct Configuration {
  Settings settings;
  std::vector<SettingOrigin> origins;
  bool print_config = false;
  std::string answer;  // of --help and --version: print it and end
};

// What settings depend on beside flags and file; given so that tests need
// neither the process's environment nor this machine.
struct Surroundings {
  std::function<std::optional<std::string>(absl::string_view)> variable;
  std::string program_folder;  // where engramd lies; engram-worker is beside it
  int cpus = 1;
  int64_t memory = 0;
};
Surroundings ThisMachine();

// `arguments` without the program's name. INVALID_ARGUMENT names the flag or
// the file's line, what is wrong with it and what is allowed.
absl::StatusOr<Configuration> ReadConfiguration(
    const std::vector<std::string>& arguments,
    const Surroundings& surroundings);

// The table of --print-config.
std::string PrintConfiguration(const Configuration& configuration);

// The folder of this user's settings, $XDG_CONFIG_HOME/engram; empty for a
// user without a home directory.
std::string ConfigFolder(const Surroundings& surroundings);

// OK for an IP address or localhost, with a port. Without TLS tokens cross the
// wire in the clear, so addresses beyond loopback (127.0.0.0/8, ::1) are
// refused then. `key` is the setting's name.
absl::Status CheckListen(absl::string_view key, absl::string_view listen,
                         bool has_tls);

}  // namespace engram
