#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "server/rpc/array_file.h"

namespace engram {

// A file of the server's own where it lies.
class SpooledFile final : public FileBytes {
 public:
  // UNAVAILABLE: it cannot be read.
  static absl::StatusOr<SpooledFile> Open(const std::filesystem::path& path,
                                          int64_t size);
  // Unpacks what gzip has packed into a new file at `path`, in place of one
  // that is there. INVALID_ARGUMENT as Gunzip; RESOURCE_EXHAUSTED: the disk is
  // full.
  static absl::StatusOr<SpooledFile> Unpack(const std::filesystem::path& path,
                                            const FileBytes& packed,
                                            int64_t most);
  SpooledFile(SpooledFile&& other) noexcept;
  SpooledFile& operator=(SpooledFile&&) = delete;
  ~SpooledFile() override;

  int64_t size() const override { return size_; }
  absl::StatusOr<std::string> Read(int64_t offset, int64_t size) const override;

 private:
  SpooledFile(int file, int64_t size) : file_(file), size_(size) {}

  int file_;
  const int64_t size_;
};

}  // namespace engram
