#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram::cli {

// CRC-32 as in zip and PNG.
uint32_t Crc32(absl::string_view bytes);

// Writes a zip archive of plainly stored entries, as numpy.savez does; larger
// than 4 GiB where it must be. It appears under its name when it is complete.
// Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
class ZipWriter {
 public:
  static absl::StatusOr<ZipWriter> Open(const std::string& file);
  ZipWriter(ZipWriter&&) = default;
  // Removes what was not finished.
  ~ZipWriter();

  // An entry of at most 4 GiB.
  absl::Status Add(const std::string& name, absl::string_view bytes);
  // Writes the directory of the archive and gives the file its name.
  absl::Status Finish();

 private:
  struct Entry {
    std::string name;
    uint32_t crc = 0;
    uint64_t size = 0;
    uint64_t offset = 0;
  };

  ZipWriter(std::string file, std::ofstream stream);
  absl::Status Failed() const;
  void WriteDirectory();

  std::string file_;
  std::ofstream stream_;
  std::vector<Entry> entries_;
  uint64_t offset_ = 0;
  bool finished_ = false;
};

}  // namespace engram::cli
