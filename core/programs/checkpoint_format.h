#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/sha256.h"

namespace engram {

// Where a checkpoint's bytes go, in pieces of at most 1 MiB; an error ends the
// writing.
using CheckpointSink = absl::FunctionRef<absl::Status(absl::string_view piece)>;

// The bytes of a checkpoint: a magic line that ends in the format's version,
// fields in an order that writer and reader share (integers of 64 bits,
// little-endian; text and bytes with their length), and the SHA-256 of all
// that. What is read is never trusted.
//
// Large fields go to the sink as they are: a checkpoint takes no memory of the
// state's size.
class CheckpointWriter {
 public:
  explicit CheckpointWriter(CheckpointSink sink);
  void Integer(int64_t value);
  void Real(double value);
  void Text(absl::string_view text);
  void Bytes(std::span<const std::byte> bytes);
  // Adds the digest; the sink's first error, if it had one. The writer is then
  // used up.
  absl::Status Finish();

 private:
  void Append(absl::string_view bytes);
  void Flush();
  void Send(absl::string_view piece);

  const CheckpointSink sink_;
  std::string gathered_;  // small fields
  Sha256Stream digest_;
  absl::Status status_;
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
