#include "core/tasks/supervised/vocabulary.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

struct Counted {
  std::string_view word;
  int64_t count = 0;
};

bool IsSpace(char c) {
  return absl::ascii_isspace(static_cast<unsigned char>(c));
}

// In the order in which they first come.
std::vector<Counted> Count(std::string_view text) {
  std::vector<Counted> words;
  std::unordered_map<std::string_view, size_t> places;
  ForEachWord(text, [&](std::string_view word, int64_t) {
    const auto [place, is_new] = places.emplace(word, words.size());
    if (is_new) words.push_back({word});
    ++words[place->second].count;
  });
  return words;
}

// The most frequent ones, of which one is kUnknown.
void KeepFrequent(size_t most, std::vector<Counted>& words) {
  const auto unknown = std::ranges::find(words, kUnknown, &Counted::word);
  const auto place = unknown - words.begin();
  const bool is_kept =
      unknown != words.end() && place < static_cast<std::ptrdiff_t>(most);
  words.resize(most);
  if (!is_kept) words.back() = {kUnknown};
}

}  // namespace

void ForEachWord(
    std::string_view text,
    absl::FunctionRef<void(std::string_view word, int64_t line)> take) {
  int64_t line = 1;
  for (size_t at = 0; at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size());
    while (at < end) {
      if (IsSpace(text[at])) {
        ++at;
        continue;
      }
      const size_t begin = at;
      while (at < end && !IsSpace(text[at])) ++at;
      take(text.substr(begin, at - begin), line);
    }
    take(kEndOfLine, line);
    at = end + 1;
  }
}

absl::StatusOr<Vocabulary> Vocabulary::Of(std::string_view text, int64_t most,
                                          Rare rare) {
  std::vector<Counted> words = Count(text);
  std::ranges::stable_sort(words, std::greater(), &Counted::count);
  if (static_cast<int64_t>(words.size()) > most) {
    if (rare == Rare::kRefused) {
      return absl::InvalidArgumentError(absl::StrCat(
          "has ", words.size(), " different words, ", kEndOfLine.data(),
          " among them, and vocabulary = ", most, "; make it ", words.size(),
          ", or take rare: unknown, which keeps the most frequent"));
    }
    KeepFrequent(static_cast<size_t>(most), words);
  }
  Vocabulary vocabulary;
  for (const Counted& one : words) {
    vocabulary.numbers_.emplace(one.word, vocabulary.size());
  }
  return vocabulary;
}

absl::StatusOr<std::vector<int32_t>> Vocabulary::Encode(
    std::string_view text) const {
  std::vector<int32_t> numbers;
  absl::Status status;
  const auto unknown = numbers_.find(kUnknown);
  ForEachWord(text, [&](std::string_view word, int64_t line) {
    auto found = numbers_.find(word);
    if (found == numbers_.end()) found = unknown;
    if (found != numbers_.end()) {
      numbers.push_back(found->second);
    } else if (status.ok()) {
      status = absl::InvalidArgumentError(absl::StrCat(
          "has the word ", std::string(word.substr(0, 100)), " in line ", line,
          ", which the text of training has not, nor has it ", kUnknown.data(),
          " to stand for it; take other files, or rare: unknown with a "
          "smaller vocabulary"));
    }
  });
  if (!status.ok()) return status;
  return numbers;
}

}  // namespace engram
