#include "server/worker/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/worker/spool_file.h"

namespace engram {

Spool::Spool(Options options) : options_(std::move(options)) {}
Spool::~Spool() = default;

absl::StatusOr<SpoolRecord> Spool::Add(absl::string_view bytes, Room room) {
  const int64_t size = static_cast<int64_t>(bytes.size());
  const absl::StatusOr<Place> place = Reserve(size, 0, room);
  if (!place.ok()) return place.status();
  if (*place == Place::kFile) return AddToFile(bytes, room);
  SpoolRecord record;
  record.spool_ = this;
  record.memory_ = std::string(bytes);
  record.size_ = size;
  return record;
}

SpoolRecord Spool::AddInMemory(std::string bytes) {
  MutexLock lock(mu_);
  SpoolRecord record;
  record.spool_ = this;
  record.size_ = static_cast<int64_t>(bytes.size());
  memory_bytes_ += record.size_;
  record.memory_ = std::move(bytes);
  return record;
}

bool Spool::ReserveMemory(int64_t size, int64_t own) {
  MutexLock lock(mu_);
  if (own + size > kMostInMemory ||
      memory_bytes_ + size > options_.memory_bytes) {
    return false;
  }
  memory_bytes_ += size;
  return true;
}

absl::StatusOr<Spool::Place> Spool::Reserve(int64_t size, int64_t own,
                                            Room room) {
  MutexLock lock(mu_);
  while (true) {
    if (closed_ && room != Room::kTake) {
      return absl::AbortedError("the server is gone: nothing can be recorded");
    }
    if (own == 0 && size <= kMostInMemory &&
        memory_bytes_ + size <= options_.memory_bytes) {
      memory_bytes_ += size;
      return Place::kMemory;
    }
    // A record that is larger than the bound goes when it is alone.
    const bool fits =
        file_bytes_ <= own || file_bytes_ + size <= options_.bound_bytes;
    if (fits || room == Room::kTake) {
      file_bytes_ += size;
      return Place::kFile;
    }
    if (room == Room::kRefuse) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the spool ", options_.folder, " has ", file_bytes_,
                       " bytes that wait for the server; at most ",
                       options_.bound_bytes, " may"));
    }
    room_.Wait(mu_);
  }
}

void Spool::GiveBack(int64_t bytes) {
  MutexLock lock(mu_);
  file_bytes_ -= bytes;
  room_.NotifyAll();
}

absl::StatusOr<SpoolRecord> Spool::AddToFile(absl::string_view bytes,
                                             Room room) {
  SpoolRecord record;
  record.spool_ = this;
  record.size_ = static_cast<int64_t>(bytes.size());
  const absl::Status appended = AppendPatiently(
      bytes, room, record.file_, record.offset_, /*is_shared=*/true);
  if (appended.ok()) return record;
  GiveBack(record.size_);
  if (room == Room::kTake) return AddInMemory(std::string(bytes));
  return appended;
}

// A full disk may have room again when the server has taken something, or when
// somebody has made some.
absl::Status Spool::AppendPatiently(absl::string_view bytes, Room room,
                                    std::shared_ptr<File>& file,
                                    int64_t& offset, bool is_shared) {
  constexpr std::chrono::milliseconds kLook{200};
  const auto until = std::chrono::steady_clock::now() + options_.patience;
  while (true) {
    absl::Status appended = Append(bytes, file, offset, is_shared);
    if (!absl::IsResourceExhausted(appended) || room != Room::kWait ||
        std::chrono::steady_clock::now() >= until) {
      return appended;
    }
    MutexLock lock(mu_);
    if (closed_) return appended;
    room_.WaitFor(mu_, std::min(kLook, options_.patience));
  }
}

absl::Status Spool::Append(absl::string_view bytes, std::shared_ptr<File>& file,
                           int64_t& offset, bool is_shared) {
  MutexLock appending(append_mu_);
  std::shared_ptr<File> into = file;
  if (is_shared) {
    MutexLock lock(mu_);
    if (current_ != nullptr && current_->size >= options_.file_bytes) {
      current_.reset();
    }
    into = current_;
  }
  if (into == nullptr) {
    if (absl::Status opened = OpenFile(into); !opened.ok()) return opened;
  }
  // Only who holds append_mu_ changes it.
  const int64_t end = [&] {
    MutexLock lock(mu_);
    return into->size;
  }();
  const absl::Status written = WriteAt(*into, bytes, end);
  MutexLock lock(mu_);
  if (!written.ok()) {
    // It may have become the last holder meanwhile.
    if (into == current_ && into.use_count() == 2) DropCurrent();
  } else {
    into->size += static_cast<int64_t>(bytes.size());
    offset = end;
    file = into;
    if (is_shared) current_ = std::move(into);
  }
  return written;
}

absl::Status Spool::OpenFile(std::shared_ptr<File>& file) {
  const int64_t number = [&] {
    MutexLock lock(mu_);
    return ++files_made_;
  }();
  std::string path = absl::StrCat(options_.folder, "/", number);
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
  if (fd < 0) return Failure(errno);
  file = std::make_shared<File>(std::move(path), fd);
  return absl::OkStatus();
}

absl::Status Spool::WriteAt(const File& file, absl::string_view bytes,
                            int64_t offset) {
  const auto write = options_.write != nullptr ? options_.write : pwrite;
  absl::string_view rest = bytes;
  while (!rest.empty()) {
    const off_t at =
        offset + static_cast<off_t>(bytes.size()) - std::ssize(rest);
    const ssize_t n = write(file.fd, rest.data(), rest.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int error = n < 0 ? errno : ENOSPC;
      // A record that is half there takes no room. It is never read either,
      // whether this succeeds or not.
      [[maybe_unused]] const int cut = ftruncate(file.fd, offset);
      return Failure(error);
    }
    rest.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

absl::Status Spool::Failure(int error) const {
  const absl::Status status = absl::ErrnoToStatus(
      error, absl::StrCat("the spool ", options_.folder, " cannot be written"));
  return absl::Status(
      status.code(),
      absl::StrCat(std::string(status.message()),
                   "; free space there, or start with --spool and another "
                   "folder"));
}

void Spool::DropCurrent() {
  file_bytes_ -= current_->size;
  current_.reset();
}

void Spool::Release(std::string memory, std::shared_ptr<File> file) {
  {
    MutexLock lock(mu_);
    memory_bytes_ -= static_cast<int64_t>(memory.size());
    if (file != nullptr) {
      const bool is_current = file == current_;
      // Nobody copies one without holding mu_.
      if (is_current && file.use_count() == 2) DropCurrent();
      if (!is_current && file.use_count() == 1) file_bytes_ -= file->size;
    }
    room_.NotifyAll();
  }
  // The file is removed here, with nobody waiting for it.
}

void Spool::Close() {
  MutexLock lock(mu_);
  closed_ = true;
  room_.NotifyAll();
}

int64_t Spool::memory_bytes() const {
  MutexLock lock(mu_);
  return memory_bytes_;
}

int64_t Spool::file_bytes() const {
  MutexLock lock(mu_);
  return file_bytes_;
}

}  // namespace engram
