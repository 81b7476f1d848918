#include "core/training/parameter_layout.h"

#include <utility>

#include "core/base/contract.h"

namespace engram {
namespace {

// 64 bytes of single precision.
constexpr int64_t kUnit = 16;

}  // namespace

int ParameterLayout::Add(ParameterMatrix matrix) {
  ENGRAM_EXPECT(matrix.rows > 0 && matrix.cols > 0);
  ENGRAM_EXPECT(Find(matrix.name) == nullptr);
  matrix.offset = size_;
  size_ += (matrix.size() + kUnit - 1) / kUnit * kUnit;
  matrices_.push_back(std::move(matrix));
  return static_cast<int>(matrices_.size()) - 1;
}

void ParameterLayout::Shift(absl::string_view name, int64_t begin, int64_t end,
                            double by) {
  for (ParameterMatrix& matrix : matrices_) {
    if (matrix.name != name) continue;
    ENGRAM_EXPECT(begin >= 0 && begin <= end && end <= matrix.size());
    matrix.shifts.push_back({begin, end, by});
    return;
  }
  ENGRAM_EXPECT(false && "no such matrix");
}

const ParameterMatrix* ParameterLayout::Find(absl::string_view name) const {
  for (const ParameterMatrix& matrix : matrices_) {
    if (matrix.name == name) return &matrix;
  }
  return nullptr;
}

std::vector<std::string> ParameterLayout::names() const {
  std::vector<std::string> names;
  for (const ParameterMatrix& matrix : matrices_) names.push_back(matrix.name);
  return names;
}

}  // namespace engram
