#pragma once

#include <vector>

#include "core/base/array.h"

namespace engram {

// All eigenvalues of a square matrix, by falling magnitude, of a pair the one
// above the real axis first; none when the iteration does not converge.
struct FullSpectrum {
  std::vector<double> real, imaginary;
};

FullSpectrum ComputeFullSpectrum(const Array<double>& w);

}  // namespace engram
