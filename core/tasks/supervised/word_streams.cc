#include "core/tasks/supervised/word_streams.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"

namespace engram {

WordStreams::WordStreams(std::vector<int32_t> text, int64_t streams,
                         int64_t steps)
    : text_(std::move(text)),
      streams_(streams),
      steps_(steps),
      length_((static_cast<int64_t>(text_.size()) - 1) / streams) {
  ENGRAM_EXPECT(length_ >= steps);
}

std::span<const int32_t> WordStreams::Piece(int64_t sample,
                                            int64_t batch) const {
  const int64_t first = sample % streams_ * length_ + batch % pieces() * steps_;
  return std::span(text_).subspan(static_cast<size_t>(first),
                                  static_cast<size_t>(steps_ + 1));
}

int64_t LeastWords(const Component& self) {
  return self.Integer("streams") * self.Integer("steps") + 1;
}

std::vector<ParameterSpec> StreamParameters() {
  return {Integer("streams", 20, 1, 10000, "of text, side by side: the batch"),
          Integer("steps", 35, 1, 10000, "words between updates")};
}

void CheckBatchOfStreams(const Component& self, const Component& root,
                         Faults& faults) {
  if (!root.parameters.contains("batch")) return;
  const int64_t streams = self.Integer("streams");
  if (root.Integer("batch") == streams) return;
  faults.push_back({0, self.path + ".streams",
                    absl::StrCat("streams = ", streams,
                                 " and batch = ", root.Integer("batch"),
                                 " differ, and a sample is a stream; make "
                                 "them equal")});
}

}  // namespace engram
