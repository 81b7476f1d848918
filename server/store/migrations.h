#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "absl/status/status.h"

namespace engram::store {

class Connection;

// PRAGMA application_id of our files: "Engr" and "EngB".
inline constexpr int32_t kMainFileId = 0x456e6772;
inline constexpr int32_t kBlobFileId = 0x456e6742;

// What a file is and how its schema came to be: script n (from 0) takes a file
// of version n to version n + 1. Scripts are only ever added.
struct Schema {
  int32_t application_id = 0;
  std::span<const char* const> scripts;

  int version() const { return static_cast<int>(scripts.size()); }
};

const Schema& MainSchema();
const Schema& BlobSchema();

// Takes the file behind the connection to the newest version in one
// transaction. A file that holds something is first copied to
// `backup_folder`/<name>-schema-<version>.db. FAILED_PRECONDITION: the file is
// of a newer version.
absl::Status Migrate(Connection& connection, const Schema& schema,
                     const std::filesystem::path& backup_folder);

}  // namespace engram::store
