#pragma once

#include <Eigen/QR>
#include <cstdint>

#include "core/base/array.h"
#include "core/base/random.h"

namespace engram {

inline Array<double> RandomMatrix(int64_t rows, int64_t cols, int64_t number) {
  Array<double> matrix(rows, cols);
  RandomStream(9, "similarity", "matrices").FillNormal(number, matrix.span());
  return matrix;
}

inline Eigen::MatrixXd RandomRotation(int64_t n, int64_t number) {
  const Eigen::MatrixXd drawn = RandomMatrix(n, n, number).map();
  return Eigen::HouseholderQR<Eigen::MatrixXd>(drawn).householderQ();
}

inline Array<double> ArrayOf(const Eigen::MatrixXd& matrix) {
  Array<double> array(matrix.rows(), matrix.cols());
  array.map() = matrix;
  return array;
}

}  // namespace engram
