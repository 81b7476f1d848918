#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace engram {

// Calls visit(j) for every x[j] that is not 0, in order. Eight numbers at a
// time: of a layer in which few units spike, most are passed over together.
template <class Real, class Visit>
void ForActive(const Real* x, int64_t n, Visit visit) {
  using Word = uint64_t;
  constexpr int64_t kGroup = 8;
  constexpr size_t kWords = kGroup * sizeof(Real) / sizeof(Word);
  int64_t j = 0;
  for (; j + kGroup <= n; j += kGroup) {
    Word words[kWords];
    std::memcpy(words, x + j, sizeof words);
    Word any = 0;
    for (const Word word : words) any |= word;
    if (any == 0) continue;
    for (int64_t i = j; i < j + kGroup; ++i) {
      if (x[i] != Real{0}) visit(i);
    }
  }
  for (; j < n; ++j) {
    if (x[j] != Real{0}) visit(j);
  }
}

// sum += W x for columns of W (rows, n) whose x is not 0, four at a time.
template <class Real>
void AddActiveColumns(const Real* w, int64_t rows, const Real* x, int64_t n,
                      Real* __restrict sum) {
  const Real* column[4];
  Real value[4];
  int held = 0;
  ForActive(x, n, [&](int64_t j) {
    column[held] = w + rows * j;
    value[held] = x[j];
    if (++held < 4) return;
    const Real* __restrict a = column[0], * __restrict b = column[1], * __restrict c = column[2], * __restrict d = column[3];
    const Real p = value[0], q = value[1], r = value[2], s = value[3];
    for (int64_t i = 0; i < rows; ++i) {
      sum[i] += (a[i] * p + b[i] * q) + (c[i] * r + d[i] * s);
    }
    held = 0;
  });
  for (int k = 0; k < held; ++k) {
    const Real* __restrict a = column[k];
    const Real p = value[k];
    for (int64_t i = 0; i < rows; ++i) sum[i] += a[i] * p;
  }
}

// gradient += error x^T for columns of gradient (rows, n) whose x is not 0.
template <class Real>
void AddActiveOuter(const Real* __restrict error, int64_t rows, const Real* x,
                    int64_t n, Real* gradient) {
  ForActive(x, n, [&](int64_t j) {
    Real* __restrict column = gradient + rows * j;
    const Real p = x[j];
    for (int64_t i = 0; i < rows; ++i) column[i] += error[i] * p;
  });
}

}  // namespace engram
