#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace engram::store {

// Told how many more bytes are done; false ends the work with CANCELLED.
using OnBytes = std::function<bool(int64_t bytes)>;
absl::Status Interrupted();

// SHA-256 in hex of a file. UNAVAILABLE: it cannot be read.
absl::StatusOr<std::string> FileSha256(const std::filesystem::path& file,
                                       const OnBytes& on_bytes = {});

// Copies a file into one that is not there yet, durably, and gives the SHA-256
// in hex of what was copied: the very bytes, not what a second read finds.
// `mode` is the new file's. RESOURCE_EXHAUSTED: the disk is full.
absl::StatusOr<std::string> CopyHashed(const std::filesystem::path& from,
                                       const std::filesystem::path& to,
                                       unsigned mode,
                                       const OnBytes& on_bytes = {});

// Writes a small file durably; its folder is the caller's to sync.
absl::Status WriteSmallFile(const std::filesystem::path& file,
                            const std::string& text);

// Makes what a folder names durable.
absl::Status SyncFolder(const std::filesystem::path& folder);

}  // namespace engram::store
