#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram::store {

inline constexpr char kManifestFile[] = "manifest.txt";
inline constexpr char kBuildsFolder[] = "builds";

// What a backup holds: `manifest.txt`, which `sha256sum -c` reads, too. Its
// last line is the digest of the lines above it, so that a changed byte
// anywhere is noticed.
struct BackupManifest {
  std::string time;  // "2026-01-31T12:00:00Z"
  int schema = 0;    // of engram.db
  int blob_schema = 0;
  // SHA-256 in hex by path within the backup: "engram.db", "builds/<id>".
  std::map<std::string, std::string> digests;
};

std::string FormatManifest(const BackupManifest& manifest);

// DATA_LOSS: it was altered, or names a file that no backup has. The databases
// are among its files when it is OK.
absl::StatusOr<BackupManifest> ParseManifest(absl::string_view text);

// Whether a file below the data folder's `builds` is one of a build: its first
// component is 64 hexadecimal digits, and none leads elsewhere.
bool IsBuildPath(absl::string_view path);

}  // namespace engram::store
