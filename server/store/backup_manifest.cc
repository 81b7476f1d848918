#include "server/store/backup_manifest.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/sha256.h"
#include "server/store/store_parts.h"

namespace engram::store {
namespace {

constexpr absl::string_view kOwnDigest = "# sha256 ";
constexpr size_t kHexDigits = 64;

bool IsHex(absl::string_view text) {
  return text.size() == kHexDigits &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

absl::Status Altered(absl::string_view why) {
  return absl::DataLossError(absl::StrCat(
      kManifestFile, " was altered or is not one of a backup: ", why,
      "; take another backup"));
}

bool IsBackupFile(absl::string_view name) {
  if (name == kMainFile || name == kBlobFile) return true;
  return absl::ConsumePrefix(&name, absl::StrCat(kBuildsFolder, "/")) &&
         IsBuildPath(name);
}

// "# schema 2" and the like.
absl::Status ReadFact(absl::string_view line, BackupManifest& manifest) {
  if (absl::ConsumePrefix(&line, "# time ")) {
    manifest.time = std::string(line);
  } else if (absl::ConsumePrefix(&line, "# schema ")) {
    if (!absl::SimpleAtoi(line, &manifest.schema)) return Altered(line);
  } else if (absl::ConsumePrefix(&line, "# blob_schema ")) {
    if (!absl::SimpleAtoi(line, &manifest.blob_schema)) return Altered(line);
  }
  return absl::OkStatus();
}

absl::Status ReadFile(absl::string_view line, BackupManifest& manifest) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits("  ", 1));
  if (!IsHex(parts.first) || !IsBackupFile(parts.second))
    return Altered(absl::StrCat("a line reads ", line.substr(0, 100)));
  manifest.digests[std::string(parts.second)] = std::string(parts.first);
  return absl::OkStatus();
}

}  // namespace

std::string FormatManifest(const BackupManifest& manifest) {
  std::string text = absl::StrCat(
      "# A backup of Engram; sha256sum -c ", kManifestFile, " checks it,\n",
      "# engramd restore FOLDER --data NEW_FOLDER puts it in place.\n",
      "# time ", manifest.time, "\n# schema ", manifest.schema,
      "\n# blob_schema ", manifest.blob_schema, "\n");
  for (const auto& [name, digest] : manifest.digests)
    absl::StrAppend(&text, digest, "  ", name, "\n");
  return absl::StrCat(text, kOwnDigest, Sha256Hex(text), "\n");
}

absl::StatusOr<BackupManifest> ParseManifest(absl::string_view text) {
  const size_t last = text.rfind(kOwnDigest);
  if (last == absl::string_view::npos)
    return Altered("its last line, with its own digest, is missing");
  const std::string wanted =
      absl::StrCat(kOwnDigest, Sha256Hex(text.substr(0, last)), "\n");
  if (text.substr(last) != wanted)
    return Altered(absl::StrCat(
        "its lines have the digest ",
        absl::StripSuffix(absl::StripPrefix(wanted, kOwnDigest), "\n"),
        ", and its last line says another"));
  BackupManifest manifest;
  for (const absl::string_view line :
       absl::StrSplit(text.substr(0, last), '\n', absl::SkipEmpty())) {
    absl::Status read = absl::StartsWith(line, "#") ? ReadFact(line, manifest)
                                                    : ReadFile(line, manifest);
    if (!read.ok()) return read;
  }
  for (const char* name : {kMainFile, kBlobFile})
    if (!manifest.digests.contains(name))
      return Altered(absl::StrCat("it has no line for ", name));
  return manifest;
}

bool IsBuildPath(absl::string_view path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  return IsHex(parts.front()) &&
         std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
           return !part.empty() && part != "." && part != ".." &&
                  std::all_of(part.begin(), part.end(), [](char c) {
                    return c > ' ' && c < 127 && c != '\\';
                  });
         });
}

}  // namespace engram::store
