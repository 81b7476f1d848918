#pragma once

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

// Eigenvalues of a real square matrix in pieces of bounded work, for matrices
// so large that all of it would hold up a run:
//
//   1. Householder reflections, a column each, bring the matrix to Hessenberg
//      form: nothing below the first subdiagonal.
//   2. QR sweeps with double shifts (Francis 1961, doi:10.1093/comjnl/4.3.265;
//      Martin, Peters, Wilkinson 1970, doi:10.1007/BF02163032) make subdiagonal
//      elements vanish from the lower end. A block of one row or two that is
//      left alone there has one or two eigenvalues, and drops out.
//
// Only the block at work is changed, as no vectors are wanted. How the work is
// cut changes no bit.
class EigenvalueSearch {
 public:
  // Of a matrix (n, n). Over until it begins.
  explicit EigenvalueSearch(int64_t n);

  // The least number of calls Advance(work) that surely end a search of n.
  static int64_t MostParts(int64_t n, double work);

  void Begin(const Array<double>& matrix);
  // Goes on for about `work`, in elements of the matrix that are changed, and
  // for at least one reflection or sweep. True once the search is over.
  bool Advance(double work);
  bool is_over() const { return place_[kPhase] >= kFound; }
  // False: over without having found them, as there were elements that are not
  // finite, or as sweeps took five times what they usually take.
  bool is_found() const { return place_[kPhase] == kFound; }
  // In no order; none where they were not found.
  std::vector<std::complex<double>> Values() const;

  void VisitState(const std::string& path, StateVisitor& v);
  // Of the arrays that it visits, in that order.
  static std::vector<std::string> StateNames(const std::string& path);

 private:
  // Elements of place_.
  enum : int64_t { kPhase, kColumn, kLast, kSweeps, kPlaces };
  // Values of its phase.
  enum : int64_t { kReducing, kSweeping, kFound, kFailed };

  int64_t n() const { return h_.rows(); }
  double* column(int64_t j) { return h_.data() + j * n(); }
  void ReduceColumn(int64_t k);
  // The first row of the block that ends at `last`: the element before it on
  // the subdiagonal is as good as 0, and is set to it.
  int64_t FirstOfBlock(int64_t last);
  // Takes out a block of one or two rows; false where it is larger.
  bool TakeOut(int64_t first, int64_t last);
  void TakeOutPair(int64_t first);
  void Sweep(int64_t first, int64_t last);
  void Reflect(int64_t k, int64_t first, int64_t last, int64_t rows,
               const struct Reflection& reflection);
  double Reduce(double work);
  double SweepOn(double work);

  Array<double> h_;                 // (n, n) where the matrix has got to
  Array<double> real_, imaginary_;  // (n)
  Array<int64_t> place_;            // (kPlaces)
  Array<double> scale_;             // (2) of the matrix; work of sweeps so far
  Array<double> v_, sums_;          // scratch (n)
};

// All of it at once, O(n^3): 15 ms for 300 rows, 0.4 s for 1000.
EigenvalueSearch FindEigenvalues(const Array<double>& matrix);

}  // namespace engram
