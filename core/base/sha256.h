#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// SHA-256 (FIPS 180-4) of the bytes. Thread-safe.
std::array<uint8_t, 32> Sha256(absl::string_view bytes);

// The same as 64 lowercase hexadecimal digits.
std::string Sha256Hex(absl::string_view bytes);

// The same of bytes that come in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  void Add(absl::string_view bytes);
  // Of all that was added; the stream is then used up.
  std::array<uint8_t, 32> Finish();

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace engram
