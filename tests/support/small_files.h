#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_inputs.h"

namespace engram {

inline InputArray ArrayOfBytes(std::vector<int64_t> shape,
                               const std::string& bytes) {
  const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
  return {ElementType::kUint8,
          ArrayOrder::kRowMajor,
          std::move(shape),
          {begin, begin + bytes.size()}};
}

inline InputArray ArrayOfText(const std::string& text) {
  return ArrayOfBytes({static_cast<int64_t>(text.size())}, text);
}

// Sixty lines of four words; which words there are depends on `first`.
inline std::string SmallText(int first) {
  std::string text;
  for (int line = 0; line < 60; ++line) {
    for (int word = 0; word < 4; ++word) {
      absl::StrAppend(&text, " w", (first + line * line + 3 * word) % 11);
    }
    text += '\n';
  }
  return text;
}

// Images of 4 x 3 pixels; image i has the label i % 3 and shows it.
inline std::string SmallImages(int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    for (int pixel = 0; pixel < 12; ++pixel) {
      const int ink = pixel / 4 == i % 3 ? 200 : 20;
      bytes += static_cast<char>(ink + (7 * i + 5 * pixel) % 50);
    }
  }
  return bytes;
}
inline std::string SmallLabels(int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(i % 3);
  return bytes;
}

// Datasets of tasks in files, by name.
inline FakeInputs SmallFiles() {
  FakeInputs files;
  files.Add("words", ArrayOfText(SmallText(0)));
  files.Add("other words", ArrayOfText(SmallText(4)));
  files.Add("images", ArrayOfBytes({30, 4, 3}, SmallImages(30)));
  files.Add("labels", ArrayOfBytes({30}, SmallLabels(30)));
  files.Add("few images", ArrayOfBytes({9, 4, 3}, SmallImages(9)));
  files.Add("few labels", ArrayOfBytes({9}, SmallLabels(9)));
  return files;
}

inline std::string SmallCorpus(const std::string& more = "") {
  return absl::StrCat(
      "{type: text_corpus, training: words, test: other words, vocabulary: "
      "12, streams: 5, steps: 7",
      more, "}");
}

inline std::string SmallMnist(const std::string& more = "") {
  return absl::StrCat(
      "{type: mnist, training_images: images, training_labels: labels, "
      "test_images: few images, test_labels: few labels, height: 4, width: 3, "
      "classes: 3",
      more, "}");
}

}  // namespace engram
