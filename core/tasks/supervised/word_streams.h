#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"

namespace engram {

// A text as so many streams, side by side, each cut into pieces; a sample of a
// batch is a stream, which goes on from batch to batch.
class WordStreams {
 public:
  WordStreams() = default;
  // The text is long enough for one piece.
  WordStreams(std::vector<int32_t> text, int64_t streams, int64_t steps);

  // Words of piece number `batch` of stream number `sample`, and the one behind
  // them; streams begin anew where they end.
  std::span<const int32_t> Piece(int64_t sample, int64_t batch) const;
  // Of a stream.
  int64_t pieces() const { return length_ / steps_; }

 private:
  std::vector<int32_t> text_;
  int64_t streams_ = 1, steps_ = 1;
  int64_t length_ = 0;  // words of a stream
};

// How many words one piece of every stream takes.
int64_t LeastWords(const Component& self);

// Parameters `streams` and `steps`.
std::vector<ParameterSpec> StreamParameters();

// Samples are streams, so a batch has as many.
void CheckBatchOfStreams(const Component& self, const Component& root,
                         Faults& faults);

}  // namespace engram
