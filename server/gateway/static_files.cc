#include "server/gateway/static_files.h"

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/sha256.h"

namespace engram {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostBytes = 64 << 20;
constexpr absl::string_view kIndex = "/index.html";
// Where the bundler puts what it names by content.
constexpr absl::string_view kImmutableFolder = "/assets/";

std::string TypeOf(const std::string& extension) {
  static const std::map<std::string, std::string>* const kTypes =
      new std::map<std::string, std::string>{
          {".html", "text/html; charset=utf-8"},
          {".js", "text/javascript; charset=utf-8"},
          {".mjs", "text/javascript; charset=utf-8"},
          {".css", "text/css; charset=utf-8"},
          {".json", "application/json"},
          {".map", "application/json"},
          {".webmanifest", "application/manifest+json"},
          {".svg", "image/svg+xml"},
          {".png", "image/png"},
          {".ico", "image/x-icon"},
          {".woff2", "font/woff2"},
          {".wasm", "application/wasm"},
          {".txt", "text/plain; charset=utf-8"}};
  const auto found = kTypes->find(extension);
  return found == kTypes->end() ? "application/octet-stream" : found->second;
}

bool IsHidden(const fs::path& relative) {
  for (const fs::path& part : relative) {
    if (absl::StartsWith(part.string(), ".")) return true;
  }
  return false;
}

bool HasExtension(absl::string_view path) {
  return absl::StrContains(path.substr(path.rfind('/') + 1), '.');
}

// Whether "If-None-Match" names the file as it is.
bool Matches(absl::string_view if_none_match, absl::string_view etag) {
  for (absl::string_view one : absl::StrSplit(if_none_match, ',')) {
    one = absl::StripPrefix(absl::StripAsciiWhitespace(one), "W/");
    if (one == "*" || one == etag) return true;
  }
  return false;
}

HttpResponse NotFound(absl::string_view path) {
  return {.status = 404,
          .fields = {{"Content-Type", "text/plain; charset=utf-8"},
                     {"Cache-Control", "no-store"}},
          .body = absl::StrCat("There is no page ", path, ".\n")};
}

}  // namespace

absl::StatusOr<StaticFiles> StaticFiles::Load(const fs::path& folder) {
  StaticFiles loaded;
  std::error_code error;
  if (folder.empty() || !fs::is_directory(folder, error)) return loaded;
  int64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    const fs::path relative = entry.path().lexically_relative(folder);
    if (entry.is_symlink() || !entry.is_regular_file() || IsHidden(relative)) {
      continue;
    }
    std::ifstream in(entry.path(), std::ios::binary);
    File file;
    file.bytes.assign(std::istreambuf_iterator<char>(in), {});
    bytes += static_cast<int64_t>(file.bytes.size());
    if (!in || bytes > kMostBytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("pages in ", folder.string(), ": ", relative.string(),
                       in ? " goes beyond 64 MiB in all" : " cannot be read"));
    }
    const std::string path = absl::StrCat("/", relative.generic_string());
    file.type = TypeOf(entry.path().extension().string());
    file.etag = absl::StrCat("\"", Sha256Hex(file.bytes).substr(0, 32), "\"");
    file.is_immutable = absl::StartsWith(path, kImmutableFolder);
    loaded.files_[path] = std::move(file);
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        "pages in ", folder.string(), " cannot be read: ", error.message()));
  }
  return loaded;
}

bool StaticFiles::HasPages() const { return files_.contains(kIndex); }

const StaticFiles::File* StaticFiles::Find(absl::string_view path) const {
  auto found = files_.find(path);
  if (found == files_.end() && !HasExtension(path)) {
    found = files_.find(kIndex);
  }
  return found == files_.end() ? nullptr : &found->second;
}

HttpResponse StaticFiles::Serve(const HttpRequest& request) const {
  const std::optional<std::string> path = PercentDecode(request.path);
  const File* file = path ? Find(*path) : nullptr;
  if (file == nullptr) return NotFound(request.path);
  HttpResponse response;
  response.fields = {{"Content-Type", file->type},
                     {"ETag", file->etag},
                     {"Cache-Control",
                      file->is_immutable ? "public, max-age=31536000, immutable"
                                         : "no-cache"}};
  const auto if_none_match = request.Field("if-none-match");
  if (if_none_match && Matches(*if_none_match, file->etag)) {
    response.status = 304;
    return response;
  }
  response.body = file->bytes;
  return response;
}

}  // namespace engram
