#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace engram {

// What ends every line, and what stands for words that have no number.
inline constexpr std::string_view kEndOfLine = "<eos>";
inline constexpr std::string_view kUnknown = "<unk>";

// Words are what white space of ASCII parts; each line has kEndOfLine as its
// last. Lines count from 1.
void ForEachWord(
    std::string_view text,
    absl::FunctionRef<void(std::string_view word, int64_t line)> take);

// The words of a text, numbered from the most frequent on; those that are as
// frequent in the order in which they first come.
class Vocabulary {
 public:
  enum class Rare { kRefused, kReplaced };

  // INVALID_ARGUMENT: a text of more than `most` words, unless rare ones become
  // kUnknown. References the text.
  static absl::StatusOr<Vocabulary> Of(std::string_view text, int64_t most,
                                       Rare rare);

  int64_t size() const { return static_cast<int64_t>(numbers_.size()); }
  // A word without a number is kUnknown. INVALID_ARGUMENT: nor has that one.
  absl::StatusOr<std::vector<int32_t>> Encode(std::string_view text) const;

 private:
  std::unordered_map<std::string_view, int32_t> numbers_;
};

}  // namespace engram
