// The C library's calls on files, for this program: SQLite and the C++ library
// are bound to these when they are loaded, because the program's own symbols
// come first. Each passes the call on unless the plan says that it fails.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

#include "tests/faults/io_faults.h"

using engram::faults::Call;
using engram::faults::IoFaults;

namespace {

// The C library's own, found when it is first called.
template <class Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int Fail(const IoFaults& faults) {
  errno = faults.error();
  return -1;
}

IoFaults* WatchingPath(const char* path) {
  IoFaults* faults = IoFaults::Watching();
  return faults != nullptr && faults->IsBelow(path) ? faults : nullptr;
}

IoFaults* WatchingFile(int fd) {
  IoFaults* faults = IoFaults::Watching();
  return faults != nullptr && faults->Knows(fd) ? faults : nullptr;
}

template <class Function>
int Open(Function* real, const char* path, int flags, mode_t mode) {
  IoFaults* faults = WatchingPath(path);
  if (faults == nullptr) return real(path, flags, mode);
  const bool makes = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  if (faults->Fails(makes ? Call::kMake : Call::kOpen)) return Fail(*faults);
  const int fd = real(path, flags, mode);
  if (fd >= 0) faults->Opened(fd, path, (flags & O_TRUNC) != 0);
  return fd;
}

// `write(count)` writes so many of the bytes at `offset`.
template <class Write>
ssize_t WriteAt(int fd, const void* bytes, size_t count, off64_t offset,
                const Write& write) {
  IoFaults* faults = WatchingFile(fd);
  if (faults == nullptr) return write(count);
  if (faults->Fails(Call::kWrite)) {
    if (!faults->ShortensWrites()) return Fail(*faults);
    count /= 2;
    if (count == 0) return Fail(*faults);
  }
  const ssize_t written = write(count);
  if (written > 0)
    faults->Wrote(fd, offset, bytes, static_cast<size_t>(written));
  return written;
}

int Sync(const char* name, int fd) {
  IoFaults* faults = WatchingFile(fd);
  if (faults == nullptr) return Real<int(int)>(name)(fd);
  const bool fails = faults->Fails(Call::kSync);
  faults->Synced(fd, !fails);
  return fails ? Fail(*faults) : 0;
}

template <class Truncate>
int Cut(const Truncate& truncate, int fd, off64_t size) {
  IoFaults* faults = WatchingFile(fd);
  if (faults != nullptr && faults->Fails(Call::kTruncate)) return Fail(*faults);
  const int result = truncate(fd, size);
  if (faults != nullptr && result == 0) faults->Truncated(fd, size);
  return result;
}

off64_t EndOf(int fd) { return lseek64(fd, 0, SEEK_END); }

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return Open(Real<int(const char*, int, ...)>("open"), path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return Open(Real<int(const char*, int, ...)>("open64"), path, flags, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  const auto real = Real<FILE*(const char*, const char*)>("fopen64");
  IoFaults* faults = WatchingPath(path);
  if (faults == nullptr) return real(path, mode);
  const bool makes = mode[0] != 'r' && access(path, F_OK) != 0;
  if (faults->Fails(makes ? Call::kMake : Call::kOpen)) {
    Fail(*faults);
    return nullptr;
  }
  FILE* file = real(path, mode);
  if (file != nullptr) faults->Opened(fileno(file), path, mode[0] == 'w');
  return file;
}

int close(int fd) {
  // Before it is closed: another thread may be given the same number.
  if (IoFaults* faults = WatchingFile(fd)) faults->Closed(fd);
  return Real<int(int)>("close")(fd);
}

int fclose(FILE* file) {
  if (IoFaults* faults = WatchingFile(fileno(file)))
    faults->Closed(fileno(file));
  return Real<int(FILE*)>("fclose")(file);
}

ssize_t read(int fd, void* bytes, size_t count) {
  IoFaults* faults = WatchingFile(fd);
  if (faults != nullptr && faults->Fails(Call::kRead)) return Fail(*faults);
  return Real<ssize_t(int, void*, size_t)>("read")(fd, bytes, count);
}

ssize_t pread64(int fd, void* bytes, size_t count, off64_t offset) {
  IoFaults* faults = WatchingFile(fd);
  if (faults != nullptr && faults->Fails(Call::kRead)) return Fail(*faults);
  return Real<ssize_t(int, void*, size_t, off64_t)>("pread64")(fd, bytes, count,
                                                               offset);
}

ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t offset) {
  const auto real =
      Real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return WriteAt(fd, bytes, count, offset,
                 [&](size_t some) { return real(fd, bytes, some, offset); });
}

ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  return pwrite64(fd, bytes, count, offset);
}

// Files that are written at their end alone.
ssize_t write(int fd, const void* bytes, size_t count) {
  const auto real = Real<ssize_t(int, const void*, size_t)>("write");
  if (WatchingFile(fd) == nullptr) return real(fd, bytes, count);
  return WriteAt(fd, bytes, count, EndOf(fd),
                 [&](size_t some) { return real(fd, bytes, some); });
}

// A part of what was asked for is an answer, so the first piece will do.
ssize_t writev(int fd, const struct iovec* pieces, int count) {
  if (WatchingFile(fd) == nullptr)
    return Real<ssize_t(int, const struct iovec*, int)>("writev")(fd, pieces,
                                                                  count);
  while (count > 1 && pieces->iov_len == 0) ++pieces, --count;
  return write(fd, pieces->iov_base, pieces->iov_len);
}

int ftruncate(int fd, off_t size) noexcept {
  return Cut(Real<int(int, off_t)>("ftruncate"), fd, size);
}

int ftruncate64(int fd, off64_t size) noexcept {
  return Cut(Real<int(int, off64_t)>("ftruncate64"), fd, size);
}

int fsync(int fd) { return Sync("fsync", fd); }
int fdatasync(int fd) { return Sync("fdatasync", fd); }

int fstat64(int fd, struct stat64* status) noexcept {
  IoFaults* faults = WatchingFile(fd);
  if (faults != nullptr && faults->Fails(Call::kStat)) return Fail(*faults);
  return Real<int(int, struct stat64*)>("fstat64")(fd, status);
}

int unlink(const char* path) noexcept {
  IoFaults* faults = WatchingPath(path);
  if (faults != nullptr && faults->Fails(Call::kUnlink)) return Fail(*faults);
  return Real<int(const char*)>("unlink")(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  IoFaults* faults = WatchingPath(path);
  if (faults != nullptr && faults->Fails(Call::kMake)) return Fail(*faults);
  return Real<int(const char*, mode_t)>("mkdir")(path, mode);
}

}  // extern "C"
