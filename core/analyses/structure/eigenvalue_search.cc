#include "core/analyses/structure/eigenvalue_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/contract.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {

// I - tau v v' with v = (1, v[0], v[1]), on two rows or three.
struct Reflection {
  double v[2] = {0, 0};
  double tau = 0;
  double image = 0;  // what the first element becomes; the others become 0
};

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
// A block that keeps its size for so many sweeps gets another shift once.
constexpr int64_t kPatience = 10;
constexpr int64_t kWork = 1;  // in scale_

// Elements that sweeps may change: until all eigenvalues are found it is about
// 0.8 n^3, and of a small matrix some tens of sweeps.
double MostWork(int64_t n) {
  const double side = static_cast<double>(n);
  return (4 * side + 100) * side * side;
}

// What brings (x, y, z) onto the first axis.
Reflection ReflectionOf(double x, double y, double z) {
  const double size = std::max({std::abs(x), std::abs(y), std::abs(z)});
  Reflection r{.image = x};
  if (y == 0 && z == 0) return r;
  const double a = x / size, b = y / size, c = z / size;
  const double norm = std::sqrt(a * a + b * b + c * c);
  const double image = a > 0 ? -norm : norm;
  r.v[0] = b / (a - image);
  r.v[1] = c / (a - image);
  r.tau = (image - a) / image;
  r.image = image * size;
  return r;
}

// Two shifts: the eigenvalues of a matrix of two rows, by its diagonal and the
// product of the two others.
struct Shifts {
  double a, b, product;
};

// A start of the sweep: its row, and the first column of
// (H - shift_1) (H - shift_2) below it, up to a factor.
struct Start {
  int64_t row;
  double x, y, z;
};

Start StartAt(const Array<double>& h, int64_t m, const Shifts& shifts) {
  const double a = h(m, m), b = h(m + 1, m + 1), under = h(m + 1, m);
  const double x =
      ((shifts.a - a) * (shifts.b - a) - shifts.product) / under + h(m, m + 1);
  const double y = a + b - shifts.a - shifts.b, z = h(m + 2, m + 1);
  const double size = std::abs(x) + std::abs(y) + std::abs(z);
  return {m, x / size, y / size, z / size};
}

// The lowest row at which two small subdiagonal elements in turn let a sweep
// begin.
Start StartOf(const Array<double>& h, int64_t first, int64_t last,
              const Shifts& shifts) {
  for (int64_t m = last - 2;; --m) {
    const Start start = StartAt(h, m, shifts);
    if (m == first) return start;
    const double before =
        std::abs(h(m, m - 1)) * (std::abs(start.y) + std::abs(start.z));
    const double around =
        std::abs(start.x) * (std::abs(h(m - 1, m - 1)) + std::abs(h(m, m)) +
                             std::abs(h(m + 1, m + 1)));
    if (before <= kEpsilon * around) return start;
  }
}

}  // namespace

EigenvalueSearch::EigenvalueSearch(int64_t n)
    : h_(n, n),
      real_(n),
      imaginary_(n),
      place_(kPlaces),
      scale_(2),
      v_(n),
      sums_(n) {
  place_[kPhase] = kFailed;
}

// Each part but the last does its work, and reflections end with a part or not.
int64_t EigenvalueSearch::MostParts(int64_t n, double work) {
  const double reflections = static_cast<double>(n) * static_cast<double>(n) *
                             static_cast<double>(n + 2);
  const double all = reflections + MostWork(n);
  return all <= work ? 1 : static_cast<int64_t>(std::ceil(all / work)) + 1;
}

std::vector<std::string> EigenvalueSearch::StateNames(const std::string& path) {
  std::vector<std::string> names;
  for (const char* name : {"matrix", "real", "imaginary", "place", "scale"}) {
    names.push_back(path + "." + name);
  }
  return names;
}

void EigenvalueSearch::Begin(const Array<double>& matrix) {
  ENGRAM_EXPECT(matrix.rows() == n() && matrix.cols() == n());
  h_ = matrix;
  scale_[0] = statistics::LargestMagnitude(matrix.span());
  scale_[kWork] = 0;
  place_.Fill(0);
  place_[kLast] = n() - 1;
  real_.Fill(0);
  imaginary_.Fill(0);
  if (!statistics::AllFinite(matrix.span())) {
    place_[kPhase] = kFailed;
  } else if (scale_[0] == 0) {
    place_[kPhase] = kFound;
  }
  if (is_over()) return;
  for (double& element : h_.span()) element /= scale_[0];
}

bool EigenvalueSearch::Advance(double work) {
  if (place_[kPhase] == kReducing) work -= Reduce(work);
  if (place_[kPhase] == kSweeping && work > 0) SweepOn(work);
  return is_over();
}

double EigenvalueSearch::Reduce(double work) {
  double done = 0;
  int64_t& k = place_[kColumn];
  for (; k < n() - 2; ++k) {
    if (done >= work) return done;
    ReduceColumn(k);
    done += 2 * static_cast<double>(n() * (n() - k));
  }
  place_[kPhase] = kSweeping;
  return done;
}

// H <- (I - tau v v') H (I - tau v v'), where v brings what is below the
// diagonal in column k onto row k + 1.
void EigenvalueSearch::ReduceColumn(int64_t k) {
  const int64_t rows = n() - k - 1;
  double* __restrict v = v_.data();
  double* x = column(k) + k + 1;
  const double rest =
      statistics::SumOfSquares({x + 1, static_cast<size_t>(rows - 1)});
  if (rest == 0) return;
  const double norm = std::sqrt(x[0] * x[0] + rest);
  const double image = x[0] > 0 ? -norm : norm;
  const double tau = (image - x[0]) / image;
  v[0] = 1;
  for (int64_t i = 1; i < rows; ++i) v[i] = x[i] / (x[0] - image);
  x[0] = image;
  std::fill(x + 1, x + rows, 0.0);
  // From the left, and the sums for the right while the column is near.
  double* __restrict sums = sums_.data();
  std::fill_n(sums, n(), 0.0);
  for (int64_t j = k + 1; j < n(); ++j) {
    double* __restrict all = column(j);
    double* __restrict below = all + k + 1;
    const double share =
        tau * statistics::Dot({v, static_cast<size_t>(rows)},
                              {below, static_cast<size_t>(rows)});
    for (int64_t i = 0; i < rows; ++i) below[i] -= share * v[i];
    const double weight = v[j - k - 1];
    for (int64_t i = 0; i < n(); ++i) sums[i] += weight * all[i];
  }
  for (int64_t j = k + 1; j < n(); ++j) {
    double* __restrict all = column(j);
    const double weight = tau * v[j - k - 1];
    for (int64_t i = 0; i < n(); ++i) all[i] -= weight * sums[i];
  }
}

double EigenvalueSearch::SweepOn(double work) {
  double done = 0;
  while (place_[kLast] >= 0) {
    const int64_t last = place_[kLast], first = FirstOfBlock(last);
    if (TakeOut(first, last)) continue;
    if (done >= work) return done;
    const double side = static_cast<double>(last - first + 1);
    if (scale_[kWork] + side * side > MostWork(n())) {
      place_[kPhase] = kFailed;
      return done;
    }
    Sweep(first, last);
    ++place_[kSweeps];
    done += side * side;
    scale_[kWork] += side * side;
  }
  for (double& value : real_.span()) value *= scale_[0];
  for (double& value : imaginary_.span()) value *= scale_[0];
  place_[kPhase] = kFound;
  return done;
}

int64_t EigenvalueSearch::FirstOfBlock(int64_t last) {
  for (int64_t row = last; row > 0; --row) {
    double size = std::abs(h_(row - 1, row - 1)) + std::abs(h_(row, row));
    if (size == 0) size = 1;  // as the whole matrix
    if (std::abs(h_(row, row - 1)) > kEpsilon * size) continue;
    h_(row, row - 1) = 0;
    return row;
  }
  return 0;
}

bool EigenvalueSearch::TakeOut(int64_t first, int64_t last) {
  if (last - first > 1) return false;
  if (first == last) {
    real_[last] = h_(last, last);
    imaginary_[last] = 0;
  } else {
    TakeOutPair(first);
  }
  place_[kLast] = first - 1;
  place_[kSweeps] = 0;
  return true;
}

// The roots of a quadratic equation; of two real ones the smaller comes from
// their product, which keeps its digits.
void EigenvalueSearch::TakeOutPair(int64_t first) {
  const double a = h_(first, first), d = h_(first + 1, first + 1);
  const double product = h_(first, first + 1) * h_(first + 1, first);
  const double half = (a - d) / 2, square = half * half + product;
  const double root = std::sqrt(std::abs(square));
  double* real = real_.data() + first;
  double* imaginary = imaginary_.data() + first;
  if (square < 0) {
    real[0] = real[1] = d + half;
    imaginary[0] = root;
    imaginary[1] = -root;
    return;
  }
  const double far = half + (half < 0 ? -root : root);
  real[0] = d + far;
  real[1] = far == 0 ? d : d - product / far;
  imaginary[0] = imaginary[1] = 0;
}

void EigenvalueSearch::Sweep(int64_t first, int64_t last) {
  Shifts shifts{h_(last - 1, last - 1), h_(last, last),
                h_(last, last - 1) * h_(last - 1, last)};
  if (place_[kSweeps] % kPatience == kPatience - 1) {
    // Ad hoc shifts as LAPACK's dlahqr has them, which symmetries do not share.
    const double size =
        std::abs(h_(last, last - 1)) + std::abs(h_(last - 1, last - 2));
    const double near = h_(last, last) + 0.75 * size;
    shifts = {near, near, -0.4375 * size * size};
  }
  const Start start = StartOf(h_, first, last, shifts);
  for (int64_t k = start.row; k < last; ++k) {
    const bool has_three = k + 2 <= last;
    Reflection r;
    if (k == start.row) {
      r = ReflectionOf(start.x, start.y, start.z);
      if (k > first) h_(k, k - 1) *= 1 - r.tau;
    } else {
      r = ReflectionOf(h_(k, k - 1), h_(k + 1, k - 1),
                       has_three ? h_(k + 2, k - 1) : 0);
      h_(k, k - 1) = r.image;
      h_(k + 1, k - 1) = 0;
      if (has_three) h_(k + 2, k - 1) = 0;
    }
    if (r.tau != 0) Reflect(k, first, last, has_three ? 3 : 2, r);
  }
}

// From both sides, within the block.
void EigenvalueSearch::Reflect(int64_t k, int64_t first, int64_t last,
                               int64_t rows, const Reflection& r) {
  const double p = r.v[0], q = r.v[1], tau = r.tau;
  for (int64_t j = k; j <= last; ++j) {
    double* x = column(j) + k;
    const double third = rows == 3 ? x[2] : 0;
    const double share = tau * (x[0] + p * x[1] + q * third);
    x[0] -= share;
    x[1] -= share * p;
    if (rows == 3) x[2] = third - share * q;
  }
  const int64_t end = std::min(last, k + 3) + 1;
  double* __restrict x = column(k);
  double* __restrict y = column(k + 1);
  if (rows == 2) {
    for (int64_t i = first; i < end; ++i) {
      const double share = tau * (x[i] + p * y[i]);
      x[i] -= share;
      y[i] -= share * p;
    }
    return;
  }
  double* __restrict z = column(k + 2);
  for (int64_t i = first; i < end; ++i) {
    const double share = tau * (x[i] + p * y[i] + q * z[i]);
    x[i] -= share;
    y[i] -= share * p;
    z[i] -= share * q;
  }
}

std::vector<std::complex<double>> EigenvalueSearch::Values() const {
  ENGRAM_EXPECT(is_over());
  std::vector<std::complex<double>> values;
  for (int64_t k = 0; is_found() && k < n(); ++k) {
    values.emplace_back(real_[k], imaginary_[k]);
  }
  return values;
}

EigenvalueSearch FindEigenvalues(const Array<double>& matrix) {
  EigenvalueSearch search(matrix.rows());
  search.Begin(matrix);
  search.Advance(std::numeric_limits<double>::infinity());
  return search;
}

void EigenvalueSearch::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".matrix", StateOf(h_, "1"));
  v.State(path + ".real", StateOf(real_, "1"));
  v.State(path + ".imaginary", StateOf(imaginary_, "1"));
  v.State(path + ".place", StateOf(place_, "1"));
  v.State(path + ".scale", StateOf(scale_, "1"));
}

}  // namespace engram
