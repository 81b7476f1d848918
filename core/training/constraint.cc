#include "core/training/constraint.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/training/catalog.h"

namespace engram {
namespace {

template <class Real>
void ZeroDiagonal(const Component&, const ParameterMatrix& matrix,
                  Real* values) {
  for (int64_t j = 0; j < matrix.cols; ++j) {
    // Of every gate, where there are several.
    for (int64_t i = j; i < matrix.rows; i += matrix.cols) {
      values[matrix.rows * j + i] = 0;
    }
  }
}

std::string WantsSquare(const Component&, const ParameterMatrix& matrix) {
  if (matrix.cols > 1 && matrix.rows % matrix.cols == 0) return "";
  return absl::StrCat(matrix.name, " is (", matrix.rows, ", ", matrix.cols,
                      ") and has no diagonal; name recurrent weights");
}

template <class Real>
void Clip(const Component& c, const ParameterMatrix& matrix, Real* values) {
  const Real low = static_cast<Real>(c.Real("low"));
  const Real high = static_cast<Real>(c.Real("high"));
  for (int64_t i = 0; i < matrix.size(); ++i) {
    values[i] = std::clamp(values[i], low, high);
  }
}

std::string WantsNothing(const Component&, const ParameterMatrix&) {
  return "";
}

// Columns of the first units are at least 0, of the others at most 0.
template <class Real>
void SignColumns(const Component& c, const ParameterMatrix& matrix,
                 Real* values) {
  const int64_t excitatory = c.Integer("excitatory");
  for (int64_t j = 0; j < matrix.cols; ++j) {
    for (int64_t i = 0; i < matrix.rows; ++i) {
      Real& w = values[matrix.rows * j + i];
      w = j < excitatory ? std::max(w, Real{0}) : std::min(w, Real{0});
    }
  }
}

std::string WantsUnits(const Component& c, const ParameterMatrix& matrix) {
  if (c.Integer("excitatory") <= matrix.cols) return "";
  return absl::StrCat(c.Integer("excitatory"), " excitatory units of ",
                      matrix.cols, " that ", matrix.name,
                      " reads; make it at most that");
}

ParameterSpec Of() {
  return Text("of", "recurrent_weights", "name of the parameter");
}

}  // namespace

ConstraintRow ZeroDiagonalRow() {
  return {.spec = {.kind = Kind::kConstraint,
                   .type = "zero_diagonal",
                   .summary = "no unit drives itself",
                   .equation = "w_ii = 0",
                   .parameters = {Of()}},
          .refusal = WantsSquare,
          .apply_single = ZeroDiagonal<float>,
          .apply_double = ZeroDiagonal<double>};
}

ConstraintRow WeightClipRow() {
  return {
      .spec = {.kind = Kind::kConstraint,
               .type = "weight_clip",
               .summary = "numbers stay between two bounds",
               .equation = "low <= w <= high",
               .parameters = {Of(), Real("low", "1", -1, -1e9, 1e9, "least"),
                              Real("high", "1", 1, -1e9, 1e9, "most")},
               .check =
                   [](const Component& self, const Component&, Faults& faults) {
                     if (self.Real("low") <= self.Real("high")) return;
                     faults.push_back({0, self.path + ".low",
                                       "low is above high; make it at most "
                                       "high"});
                   }},
      .refusal = WantsNothing,
      .apply_single = Clip<float>,
      .apply_double = Clip<double>};
}

ConstraintRow SignConstraintRow() {
  return {.spec = {.kind = Kind::kConstraint,
                   .type = "presynaptic_signs",
                   .summary = "Dale's law: all that a unit gives has one sign",
                   .equation = "w_ij >= 0 for j < excitatory, else w_ij <= 0",
                   .parameters = {Of(), Integer("excitatory", 80, 0, 1000000,
                                                "units, the first ones, whose "
                                                "weights are at least 0")}},
          .refusal = WantsUnits,
          .apply_single = SignColumns<float>,
          .apply_double = SignColumns<double>};
}

}  // namespace engram
