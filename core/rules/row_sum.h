#pragma once

#include <cmath>

namespace engram {

// A sum over each postsynaptic unit's weights: of them, of their sizes, or of
// their squares.
enum class RowSum { kNone, kWeights, kSizes, kSquares };

// Calls visit(term), where term(w) is what a weight adds to the sum; not for
// kNone.
template <class Real, class Visit>
void WithTerm(RowSum sum, Visit visit) {
  switch (sum) {
    case RowSum::kNone:
      return;
    case RowSum::kWeights:
      return visit([](Real w) { return w; });
    case RowSum::kSizes:
      return visit([](Real w) { return std::abs(w); });
    case RowSum::kSquares:
      return visit([](Real w) { return w * w; });
  }
}

}  // namespace engram
