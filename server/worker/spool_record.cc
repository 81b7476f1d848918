#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/worker/spool.h"
#include "server/worker/spool_file.h"

namespace engram {

SpoolRecord::SpoolRecord(SpoolRecord&& other) noexcept
    : spool_(std::exchange(other.spool_, nullptr)),
      memory_(std::exchange(other.memory_, {})),
      file_(std::move(other.file_)),
      offset_(other.offset_),
      size_(std::exchange(other.size_, 0)) {}

SpoolRecord& SpoolRecord::operator=(SpoolRecord&& other) noexcept {
  if (this == &other) return *this;
  Release();
  spool_ = std::exchange(other.spool_, nullptr);
  memory_ = std::exchange(other.memory_, {});
  file_ = std::move(other.file_);
  offset_ = other.offset_;
  size_ = std::exchange(other.size_, 0);
  return *this;
}

SpoolRecord::~SpoolRecord() { Release(); }

void SpoolRecord::Release() {
  if (spool_ == nullptr) return;
  spool_->Release(std::exchange(memory_, {}), std::move(file_));
  spool_ = nullptr;
  size_ = 0;
}

absl::StatusOr<std::string> SpoolRecord::Read(int64_t offset,
                                              int64_t size) const {
  ENGRAM_EXPECT(offset >= 0 && size >= 0 && offset <= size_);
  size = std::min(size, size_ - offset);
  if (file_ == nullptr) {
    return memory_.substr(static_cast<size_t>(offset),
                          static_cast<size_t>(size));
  }
  std::string bytes(static_cast<size_t>(size), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = pread(file_->fd, bytes.data() + done, bytes.size() - done,
                            offset_ + offset + static_cast<int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      return absl::DataLossError(absl::StrCat(
          "the spool's file ", file_->path, " cannot be read: ",
          n < 0 ? std::string(absl::ErrnoToStatus(errno, "").message())
                : "it is shorter than what was written to it"));
    }
    done += static_cast<size_t>(n);
  }
  return bytes;
}

absl::StatusOr<SpoolRecord::View> SpoolRecord::Map() const {
  if (file_ == nullptr) return View(memory_);
  // A mapping begins at a page.
  const int64_t page = sysconf(_SC_PAGESIZE);
  const int64_t begin = offset_ / page * page;
  const int64_t before = offset_ - begin;
  const size_t mapped_size = static_cast<size_t>(before + size_);
  void* mapped =
      mmap(nullptr, mapped_size, PROT_READ, MAP_SHARED, file_->fd, begin);
  if (mapped == MAP_FAILED) {
    return absl::ErrnoToStatus(
        errno,
        absl::StrCat("the spool's file ", file_->path, " cannot be mapped"));
  }
  return View(mapped, mapped_size,
              absl::string_view(static_cast<const char*>(mapped) + before,
                                static_cast<size_t>(size_)));
}

SpoolRecord::View::View(View&& other) noexcept
    : mapped_(std::exchange(other.mapped_, nullptr)),
      mapped_size_(other.mapped_size_),
      bytes_(other.bytes_) {}

SpoolRecord::View::~View() {
  if (mapped_ != nullptr) munmap(mapped_, mapped_size_);
}

SpoolWriter::SpoolWriter(Spool& spool, Spool::Room room) : room_(room) {
  record_.spool_ = &spool;
}

absl::Status SpoolWriter::Append(absl::string_view piece) {
  const int64_t size = static_cast<int64_t>(piece.size());
  Spool& spool = *record_.spool_;
  if (record_.file_ == nullptr && spool.ReserveMemory(size, record_.size_)) {
    record_.memory_.append(piece.data(), piece.size());
    record_.size_ += size;
    return absl::OkStatus();
  }
  if (record_.file_ == nullptr && record_.size_ > 0) {
    // From now on in a file, with what was in memory first.
    SpoolWriter in_file(spool, room_);
    absl::Status moved = in_file.AppendToFile(record_.memory_);
    if (!moved.ok()) return moved;
    record_ = in_file.Finish();
  }
  return AppendToFile(piece);
}

absl::Status SpoolWriter::AppendToFile(absl::string_view piece) {
  const int64_t size = static_cast<int64_t>(piece.size());
  Spool& spool = *record_.spool_;
  const absl::StatusOr<Spool::Place> place =
      spool.Reserve(size, std::max<int64_t>(record_.size_, 1), room_);
  if (!place.ok()) return place.status();
  int64_t offset = 0;
  absl::Status appended = spool.AppendPatiently(piece, room_, record_.file_,
                                                offset, /*is_shared=*/false);
  if (!appended.ok()) {
    spool.GiveBack(size);
    return appended;
  }
  record_.size_ += size;
  return absl::OkStatus();
}

}  // namespace engram
