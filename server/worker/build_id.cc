#include "server/worker/build_id.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/sha256.h"

namespace engram {

absl::StatusOr<std::string> BuildId() {
  const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return absl::ErrnoToStatus(
        errno, "the worker's own file /proc/self/exe cannot be read");
  }
  struct stat facts {};
  const bool has_size = fstat(fd, &facts) == 0 && facts.st_size > 0;
  const size_t size = has_size ? static_cast<size_t>(facts.st_size) : 0;
  void* bytes = has_size ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0)
                         : MAP_FAILED;
  const int error = errno;
  close(fd);
  if (bytes == MAP_FAILED) {
    return absl::ErrnoToStatus(error, "the worker's own file cannot be mapped");
  }
  std::string build =
      Sha256Hex(absl::string_view(static_cast<const char*>(bytes), size));
  munmap(bytes, size);
  return build;
}

}  // namespace engram
