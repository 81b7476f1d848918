#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// The bytes of a checkpoint: a magic line that ends in the format's version,
// fields in an order that writer and reader share (integers of 64 bits,
// little-endian; text and bytes with their length), and the SHA-256 of all
// that. What is read is never trusted.
class CheckpointWriter {
 public:
  CheckpointWriter();
  void Integer(int64_t value);
  void Real(double value);
  void Text(absl::string_view text);
  void Bytes(std::span<const std::byte> bytes);
  // Adds the digest; the writer is then used up.
  std::string Finish();

 private:
  std::string bytes_;
};

class CheckpointReader {
 public:
  // `fault()` tells at once when the magic line or the digest is wrong.
  explicit CheckpointReader(absl::string_view bytes);

  // Each moves on; past the end, all return zero or nothing and ok() is false.
  int64_t Integer();
  double Real();
  absl::string_view Text();
  // Of a count that is then looped over: at most the bytes that are left.
  int64_t Count();

  bool ok() const { return fault_.empty(); }
  bool at_end() const { return rest_.empty(); }
  // What is wrong, as a sentence; empty when nothing is.
  const std::string& fault() const { return fault_; }

 private:
  absl::string_view Take(size_t size);

  absl::string_view rest_;
  std::string fault_;
};

}  // namespace engram
