#include "server/store/file_copy.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"

namespace engram::store {
namespace {

constexpr size_t kPart = 1 << 20;

absl::Status Failed(const std::filesystem::path& file, absl::string_view what) {
  const int error = errno;
  const std::string message =
      absl::StrCat(file.string(), " ", what, ": ", strerror(error));
  if (error == ENOSPC || error == EDQUOT)
    return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

class Sha256Stream {
 public:
  Sha256Stream() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    ENGRAM_EXPECT(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) ==
                  1);
  }
  void Add(absl::string_view bytes) {
    ENGRAM_EXPECT(
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  std::string Hex() {
    std::string digest(32, '\0');
    unsigned int size = 0;
    ENGRAM_EXPECT(
        EVP_DigestFinal_ex(context_.get(),
                           reinterpret_cast<unsigned char*>(digest.data()),
                           &size) == 1);
    return absl::BytesToHexString(digest);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

absl::Status WriteAll(int fd, absl::string_view bytes,
                      const std::filesystem::path& file) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed(file, "cannot be written");
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

// Reads a file part by part.
absl::Status ForEachPart(
    const std::filesystem::path& file,
    const std::function<absl::Status(absl::string_view)>& visit) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Failed(file, "cannot be opened");
  const absl::Cleanup closing = [fd] { close(fd); };
  std::string part(kPart, '\0');
  for (;;) {
    const ssize_t count = read(fd, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed(file, "cannot be read");
    if (count == 0) return absl::OkStatus();
    absl::Status visited =
        visit(absl::string_view(part).substr(0, static_cast<size_t>(count)));
    if (!visited.ok()) return visited;
  }
}

absl::Status GoOn(const OnBytes& on_bytes, size_t bytes) {
  const bool goes_on = !on_bytes || on_bytes(static_cast<int64_t>(bytes));
  return goes_on ? absl::OkStatus() : Interrupted();
}

absl::StatusOr<int> CreateFile(const std::filesystem::path& file,
                               unsigned mode) {
  const int fd =
      open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return Failed(file, "cannot be made");
  return fd;
}

}  // namespace

absl::Status Interrupted() {
  return absl::CancelledError("the server stops; back up once it is back");
}

absl::StatusOr<std::string> FileSha256(const std::filesystem::path& file,
                                       const OnBytes& on_bytes) {
  Sha256Stream digest;
  absl::Status read = ForEachPart(file, [&](absl::string_view part) {
    digest.Add(part);
    return GoOn(on_bytes, part.size());
  });
  if (!read.ok()) return read;
  return digest.Hex();
}

absl::StatusOr<std::string> CopyHashed(const std::filesystem::path& from,
                                       const std::filesystem::path& to,
                                       unsigned mode, const OnBytes& on_bytes) {
  const absl::StatusOr<int> fd = CreateFile(to, mode);
  if (!fd.ok()) return fd.status();
  const absl::Cleanup closing = [fd = *fd] { close(fd); };
  Sha256Stream digest;
  absl::Status copied = ForEachPart(from, [&](absl::string_view part) {
    digest.Add(part);
    absl::Status written = WriteAll(*fd, part, to);
    return written.ok() ? GoOn(on_bytes, part.size()) : written;
  });
  if (!copied.ok()) return copied;
  if (fsync(*fd) != 0) return Failed(to, "cannot be made durable");
  return digest.Hex();
}

absl::Status WriteSmallFile(const std::filesystem::path& file,
                            const std::string& text) {
  const absl::StatusOr<int> fd = CreateFile(file, 0600);
  if (!fd.ok()) return fd.status();
  const absl::Cleanup closing = [fd = *fd] { close(fd); };
  absl::Status written = WriteAll(*fd, text, file);
  if (written.ok() && fsync(*fd) != 0)
    return Failed(file, "cannot be made durable");
  return written;
}

absl::Status SyncFolder(const std::filesystem::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = fd >= 0 && fsync(fd) == 0;
  const absl::Status status =
      is_synced ? absl::OkStatus() : Failed(folder, "cannot be made durable");
  if (fd >= 0) close(fd);
  return status;
}

}  // namespace engram::store
