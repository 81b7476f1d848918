#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/rpc/settings.h"
#include "server/rpc/tokens.h"

namespace engram::store {
class Store;
}

namespace engram {

// On a store without any token: makes the first admin, named like the
// operating system's user, and a token for him, and leaves it in a file that
// he alone can read. With a home directory that is client.yaml of
// $XDG_CONFIG_HOME/engram, so that `engram` works at once; one that is there
// for this address is kept as client.yaml.old. Without a home directory, or
// where client.yaml is for another server, it is admin.token in the data
// folder.
// `server` is what clients dial: "127.0.0.1:7070".
//
// Returns the path of the file, nothing when there was a token already.
absl::StatusOr<std::optional<std::string>> MakeFirstAdmin(
    store::Store& store, Tokens& tokens, const std::string& data_folder,
    const std::string& server, const Surroundings& surroundings,
    int64_t now_us);

// Writes the file anew, readable by its owner alone from its first byte on.
absl::Status WritePrivateFile(const std::string& path, const std::string& text);

}  // namespace engram
