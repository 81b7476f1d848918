#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"

namespace engram {

class SpoolRecord;

// Bytes that wait for the server: a few MiB in memory, what is beyond that in
// append-only files of a folder, so that a server which is away for long costs
// disk and not memory. Nothing is synced: the spool outlives the server, and
// nobody reads that of a process which has died.
//
// Thread-safe. Outlives its records and writers.
class Spool {
 public:
  struct Options {
    std::string folder = {};  // exists, and is this process's alone
    int64_t bound_bytes = int64_t{1} << 30;  // of all files
    int64_t memory_bytes = int64_t{4} << 20;
    // A file that has as much is left alone; it goes when its last record does.
    int64_t file_bytes = int64_t{16} << 20;
    // How long a full disk is waited for.
    std::chrono::milliseconds patience{60000};
    ssize_t (*write)(int, const void*, size_t, off_t) = nullptr;  // pwrite
  };
  // What to do beyond the bound, and where the disk is full.
  enum class Room {
    kWait,    // until there is room; the disk's for `patience`
    kRefuse,  // give up at once
    kTake,    // go beyond the bound; into memory when there is no disk
  };

  // Larger records are in files, however much memory is free.
  static constexpr int64_t kMostInMemory = int64_t{1} << 20;

  explicit Spool(Options options);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // RESOURCE_EXHAUSTED without room, ABORTED once closed (but for kTake),
  // otherwise what the disk said; all name the folder.
  absl::StatusOr<SpoolRecord> Add(absl::string_view bytes, Room room);
  // In memory at any price, where a few bytes must not be lost.
  SpoolRecord AddInMemory(std::string bytes);

  // Ends every wait.
  void Close();

  const std::string& folder() const { return options_.folder; }
  int64_t memory_bytes() const;
  int64_t file_bytes() const;

 private:
  friend class SpoolRecord;
  friend class SpoolWriter;
  struct File;
  enum class Place { kMemory, kFile };

  // Reserves room for `size` bytes more of a record that has `own` in a file.
  absl::StatusOr<Place> Reserve(int64_t size, int64_t own, Room room);
  bool ReserveMemory(int64_t size, int64_t own);
  void GiveBack(int64_t file_bytes);
  // Of what is reserved.
  absl::StatusOr<SpoolRecord> AddToFile(absl::string_view bytes, Room room);
  absl::Status AppendPatiently(absl::string_view bytes, Room room,
                               std::shared_ptr<File>& file, int64_t& offset,
                               bool is_shared);
  absl::Status Append(absl::string_view bytes, std::shared_ptr<File>& file,
                      int64_t& offset, bool is_shared);
  absl::Status OpenFile(std::shared_ptr<File>& file);
  absl::Status WriteAt(const File& file, absl::string_view bytes,
                       int64_t offset);
  void Release(std::string memory, std::shared_ptr<File> file);
  void DropCurrent() ENGRAM_REQUIRES(mu_);
  absl::Status Failure(int error) const;

  const Options options_;
  Mutex append_mu_;  // taken before mu_
  mutable Mutex mu_;
  std::shared_ptr<File> current_ GUARDED_BY(mu_);  // takes small records
  CondVar room_;
  bool closed_ GUARDED_BY(mu_) = false;
  int64_t memory_bytes_ GUARDED_BY(mu_) = 0;
  int64_t file_bytes_ GUARDED_BY(mu_) = 0;
  int64_t files_made_ GUARDED_BY(mu_) = 0;
};

// Bytes in the spool; gives their room back when it goes.
class SpoolRecord {
 public:
  SpoolRecord() = default;
  SpoolRecord(SpoolRecord&& other) noexcept;
  SpoolRecord& operator=(SpoolRecord&& other) noexcept;
  ~SpoolRecord();

  int64_t size() const { return size_; }
  bool is_in_memory() const { return file_ == nullptr; }
  // Fewer at the end of the record. Thread-safe.
  absl::StatusOr<std::string> Read(int64_t offset, int64_t size) const;

  // The whole, as long as the view and the record live; what is in a file is
  // mapped, which takes no memory of the process's.
  class View {
   public:
    explicit View(absl::string_view bytes) : bytes_(bytes) {}
    View(void* mapped, size_t mapped_size, absl::string_view bytes)
        : mapped_(mapped), mapped_size_(mapped_size), bytes_(bytes) {}
    View(View&& other) noexcept;
    View& operator=(View&&) = delete;
    ~View();
    absl::string_view bytes() const { return bytes_; }

   private:
    void* mapped_ = nullptr;
    size_t mapped_size_ = 0;
    absl::string_view bytes_;
  };
  absl::StatusOr<View> Map() const;

 private:
  friend class Spool;
  friend class SpoolWriter;
  void Release();

  Spool* spool_ = nullptr;
  std::string memory_;
  std::shared_ptr<Spool::File> file_;
  int64_t offset_ = 0;
  int64_t size_ = 0;
};

// Writes a record whose size is not known before. What is not finished is
// forgotten.
class SpoolWriter {
 public:
  SpoolWriter(Spool& spool, Spool::Room room);
  // As Spool::Add; after an error nothing more can be added.
  absl::Status Append(absl::string_view piece);
  SpoolRecord Finish() { return std::move(record_); }

 private:
  absl::Status AppendToFile(absl::string_view piece);

  const Spool::Room room_;
  SpoolRecord record_;
};

}  // namespace engram
