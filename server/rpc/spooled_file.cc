#include "server/rpc/spooled_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/gunzip.h"

namespace engram {
namespace {

absl::Status WriteAll(int file, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the server's disk took no more bytes of what was "
                       "unpacked: ",
                       strerror(errno)));
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SpooledFile> SpooledFile::Open(const std::filesystem::path& path,
                                              int64_t size) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) return SpooledFile(file, size);
  return absl::UnavailableError(absl::StrCat(
      "the server cannot read ", path.string(), ": ", strerror(errno)));
}

SpooledFile::SpooledFile(SpooledFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), size_(other.size_) {}

SpooledFile::~SpooledFile() {
  if (file_ >= 0) close(file_);
}

absl::StatusOr<std::string> SpooledFile::Read(int64_t offset,
                                              int64_t size) const {
  std::string bytes(static_cast<size_t>(std::min(size, size_ - offset)), '\0');
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t read = pread(file_, bytes.data() + at, bytes.size() - at,
                               offset + static_cast<int64_t>(at));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) {
      return absl::UnavailableError(
          absl::StrCat("the server cannot read back what was uploaded: ",
                       read < 0 ? strerror(errno) : "it was cut off"));
    }
    at += static_cast<size_t>(read);
  }
  return bytes;
}

absl::StatusOr<SpooledFile> SpooledFile::Unpack(
    const std::filesystem::path& path, const FileBytes& packed, int64_t most) {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::UnavailableError(absl::StrCat(
        "the server cannot write ", path.string(), ": ", strerror(errno)));
  }
  int64_t size = 0;
  const absl::Status unpacked =
      Gunzip(packed, most, [&](absl::string_view bytes) {
        size += static_cast<int64_t>(bytes.size());
        return WriteAll(file, bytes);
      });
  close(file);
  if (!unpacked.ok()) return unpacked;
  return Open(path, size);
}

}  // namespace engram
