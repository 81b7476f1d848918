#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// A matrix of numbers that training changes, and where it lies in the flat
// store of its network. Gradients and an optimizer's moments lie alike.
struct ParameterMatrix {
  std::string name;  // "recurrent_weights"
  int64_t rows = 0;
  int64_t cols = 1;
  // Drawn uniformly between these unless the tree says otherwise.
  double low = 0;
  double high = 0;
  int64_t fan_in = 1;      // inputs that a row sums
  bool is_trained = true;  // false: stays as it was drawn
  std::string unit = "1";
  int64_t offset = 0;  // of its first number; set by Add
  // Added to what is drawn, to the numbers [begin, end).
  struct Shift {
    int64_t begin, end;
    double by;
  };
  std::vector<Shift> shifts = {};

  int64_t size() const { return rows * cols; }
};

// The parameters of a network: named matrices side by side in one array, each
// from a multiple of 64 bytes on. Columns are contiguous.
class ParameterLayout {
 public:
  // The matrix's index. Names differ.
  int Add(ParameterMatrix matrix);

  // Adds `by` to what is drawn for numbers [begin, end) of a matrix.
  void Shift(absl::string_view name, int64_t begin, int64_t end, double by);

  // Numbers of the flat store, gaps included.
  int64_t size() const { return size_; }
  const std::vector<ParameterMatrix>& matrices() const { return matrices_; }
  const ParameterMatrix& operator[](int index) const {
    return matrices_[static_cast<size_t>(index)];
  }
  // Null for a name that the network does not have.
  const ParameterMatrix* Find(absl::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::vector<ParameterMatrix> matrices_;
  int64_t size_ = 0;
};

}  // namespace engram
