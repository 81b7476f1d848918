#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "server/rpc/array_file.h"

namespace engram {

// A file that a test holds.
class TextFile final : public FileBytes {
 public:
  explicit TextFile(std::string text) : text_(std::move(text)) {}
  int64_t size() const override { return std::ssize(text_); }
  absl::StatusOr<std::string> Read(int64_t offset,
                                   int64_t size) const override {
    return text_.substr(static_cast<size_t>(offset), static_cast<size_t>(size));
  }

 private:
  const std::string text_;
};

}  // namespace engram
