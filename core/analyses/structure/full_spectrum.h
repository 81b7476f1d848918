#pragma once

#include <vector>

#include "core/analyses/structure/eigenvalue_search.h"
#include "core/base/array.h"

namespace engram {

// All eigenvalues of a square matrix, by falling magnitude, of a pair the one
// above the real axis first; none when they were not found.
struct FullSpectrum {
  std::vector<double> real, imaginary;
};

// Of a search that is over.
FullSpectrum SpectrumOf(const EigenvalueSearch& search);
FullSpectrum ComputeFullSpectrum(const Array<double>& w);

}  // namespace engram
