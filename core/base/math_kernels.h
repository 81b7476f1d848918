#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

// The kernels behind math.h, inline for loops that the compiler vectorises: no
// branch, no call, no table. For loops that fuse them with other work; all else
// calls math.h.
namespace engram::math::kernels {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// ln 2 in two parts; the high one has 32 trailing zero bits, so that its
// product with an exponent is exact.
inline constexpr double kLn2High = 6.93147180369123816490e-01;
inline constexpr double kLn2Low = 1.90821492927058770002e-10;
inline constexpr double kLog2E = 1.44269504088896338700;
// Adding it rounds to an integer, which then stands in the lowest bits.
inline constexpr double kRound = 0x1.8p52;

struct Double2 {  // high + low, |low| <= ulp(high) / 2
  double high, low;
};

inline Double2 TwoSum(double a, double b) {
  const double s = a + b;
  const double t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}

// Exact product by Veltkamp's and Dekker's splitting: the same bits with and
// without a fused multiply-add.
inline Double2 TwoProduct(double a, double b) {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1
  const double p = a * b;
  const double ca = kSplit * a, cb = kSplit * b;
  const double ah = ca - (ca - a), bh = cb - (cb - b);
  const double al = a - ah, bl = b - bh;
  return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

// exp(r) - 1 for |r| <= ln(2) / 2, Taylor to degree 13 (remainder 4e-18).
inline double Expm1Reduced(double r) {
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  return r + r * r * p;
}

// 2^n for the integer n in the lowest bits of `rounded`; -1022 <= n <= 1023.
inline double PowerOfTwo(double rounded) {
  return std::bit_cast<double>((std::bit_cast<uint64_t>(rounded) + 1023) << 52);
}

// exp(x) (1 + low)
inline double Exp(double x, double low = 0) {
  constexpr double kLowest = -707.7;   // exp of it is a little above 2^-1021
  constexpr double kHighest = 709.78;  // a little below log of the largest
  double y = x < kLowest ? kLowest : x;
  y = y > kHighest ? kHighest : y;
  const double rounded = y * kLog2E + kRound;
  const double n = rounded - kRound;
  const double r_high = y - n * kLn2High;
  const double r_low = n * kLn2Low;
  const double r = r_high - r_low;
  // What r lost in the subtraction, carried to first order.
  const double lost = (r_high - r) - r_low + low;
  const double m = Expm1Reduced(r);
  const double p = 1.0 + (m + (lost + lost * m));
  // n reaches 1024: half of the scale first.
  const double value = p * PowerOfTwo(rounded - 1.0) * 2.0;
  const double clipped = x < kLowest ? 0.0 : value;
  return x > kHighest ? kInfinity : clipped;
}

struct Mantissa {  // x = m 2^k, sqrt(1/2) <= m < sqrt(2)
  double m, k;
};

inline Mantissa Split(double x) {
  constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
  constexpr uint64_t kBias = uint64_t{1023} << 52;
  const uint64_t bits = std::bit_cast<uint64_t>(x);
  const uint64_t biased = (bits - kSqrtHalf + kBias) >> 52;  // k + 1023
  const double m = std::bit_cast<double>(bits - ((biased - 1023) << 52));
  const double k =
      std::bit_cast<double>(biased | 0x4330000000000000) - (0x1p52 + 1023.0);
  return {m, k};
}

// 2 atanh(s) = 2 s + s R(s^2): R by the minimax polynomial of fdlibm
// (Sun Microsystems 1993), error below 2^-58.
inline double LogSeries(double z) {
  double p = 1.479819860511658591e-01;
  p = p * z + 1.531383769920937332e-01;
  p = p * z + 1.818357216161805012e-01;
  p = p * z + 2.222219843214978396e-01;
  p = p * z + 2.857142874366239149e-01;
  p = p * z + 3.999999999940941908e-01;
  p = p * z + 6.666666666666735130e-01;
  return p * z;
}

// 2 atanh(t) - 2 t = t^3 (2/3 + 2/5 t^2 + ...) in double-double, for the
// logarithm that Pow multiplies: Taylor to t^25, remainder below 1e-19.
inline Double2 LogSeriesLong(double t, double t_low) {
  Double2 z = TwoProduct(t, t);
  z.low += 2.0 * t * t_low;
  double p = 2.0 / 25.0;
  p = p * z.high + 2.0 / 23.0;
  p = p * z.high + 2.0 / 21.0;
  p = p * z.high + 2.0 / 19.0;
  p = p * z.high + 2.0 / 17.0;
  p = p * z.high + 2.0 / 15.0;
  p = p * z.high + 2.0 / 13.0;
  p = p * z.high + 2.0 / 11.0;
  p = p * z.high + 2.0 / 9.0;
  p = p * z.high + 2.0 / 7.0;
  p = p * z.high + 2.0 / 5.0;
  constexpr double kThirds = 2.0 / 3.0, kThirdsLow = 0x1.5555555555555p-55;
  Double2 q = TwoSum(kThirds, p * z.high);
  q.low += kThirdsLow;
  const Double2 cube = TwoProduct(t, z.high);
  const Double2 value = TwoProduct(cube.high, q.high);
  const double cube_low = cube.low + t * z.low + t_low * z.high;
  return {value.high, value.low + cube.high * q.low + cube_low * q.high};
}

inline double LogLimits(double x, double value) {
  const double at_zero =
      x < std::numeric_limits<double>::min() ? -kInfinity : value;
  const double below = x < 0 ? kNan : at_zero;
  return x < kInfinity ? below : x;  // infinity and NaN are their own
}

inline double Log(double x) {
  const Mantissa s = Split(x);
  const double f = s.m - 1.0;
  const double t = f / (2.0 + f);
  const double half_square = 0.5 * f * f;
  const double tail = t * (half_square + LogSeries(t * t)) + s.k * kLn2Low;
  return LogLimits(x, s.k * kLn2High - ((half_square - tail) - f));
}

// log x as high + low, relative error about 2^-65.
inline Double2 LogDouble2(double x) {
  const Mantissa s = Split(x);
  const double f = s.m - 1.0;  // exact
  const Double2 d = TwoSum(s.m, 1.0);
  const double t = f / d.high;
  const Double2 back = TwoProduct(t, d.high);
  const double t_low = ((f - back.high) - back.low - t * d.low) / d.high;
  const Double2 series = LogSeriesLong(t, t_low);
  const Double2 a = TwoSum(s.k * kLn2High, 2.0 * t);
  const Double2 b = TwoSum(a.high, series.high);
  const Double2 c = TwoSum(b.high, s.k * kLn2Low);
  const double low = (a.low + b.low + c.low) + (2.0 * t_low + series.low);
  return TwoSum(c.high, low);
}

inline double Pow(double x, double y) {
  const Double2 log = LogDouble2(x);
  const Double2 p = TwoProduct(log.high, y);
  // Beyond the range of exp only the sign of the exponent counts, and the
  // splitting above may have overflowed there.
  const double product = log.high * y;
  const bool plain = product > -1e4 && product < 1e4;
  const double value = Exp(plain ? product : (product > 0 ? 1e4 : -1e4),
                           plain ? p.low + y * log.low : 0.0);
  double at_zero = y > 0 ? 0.0 : kInfinity;
  at_zero = x < std::numeric_limits<double>::min() ? at_zero : value;
  const double at_infinity = y > 0 ? kInfinity : 0.0;
  const double bounded = x < kInfinity ? at_zero : at_infinity;
  const double positive = x >= 0 ? bounded : kNan;
  const double exact = y == 0 ? 1.0 : positive;
  return y == y ? exact : kNan;
}

// (exp(2 x) - 1) / (exp(2 x) + 1) without cancellation near 0.
inline double Tanh(double x) {
  const double size = std::abs(x);
  const double y = size > 20.0 ? 40.0 : 2.0 * size;
  const double rounded = y * kLog2E + kRound;
  const double n = rounded - kRound;
  const double r_high = y - n * kLn2High;
  const double r_low = n * kLn2Low;
  const double r = r_high - r_low;
  const double lost = (r_high - r) - r_low;
  const double m = Expm1Reduced(r);
  const double scale = PowerOfTwo(rounded);
  const double expm1 = scale * (m + (lost + lost * m)) + (scale - 1.0);
  return std::copysign(expm1 / (expm1 + 2.0), x) + (x - x);
}

struct Quadrant {  // x = high + low + quarter * pi / 2
  double high, low;
  uint64_t quarter;
};

// pi / 2 in three parts of 33, 33 and 53 bits; the products are exact while
// the quarter turns stay below 2^20, which 1e6 keeps.
inline Quadrant Reduce(double x) {
  constexpr double kTwoOverPi = 6.36619772367581382433e-01;
  constexpr double kPart1 = 1.57079632673412561417e+00;
  constexpr double kPart2 = 6.07710050630396597660e-11;
  constexpr double kPart3 = 2.02226624879595063154e-21;
  const double rounded = x * kTwoOverPi + kRound;
  const double n = rounded - kRound;
  const Double2 d = TwoSum(x - n * kPart1, -(n * kPart2));
  const double tail = d.low - n * kPart3;
  const double high = d.high + tail;
  return {high, (d.high - high) + tail, std::bit_cast<uint64_t>(rounded) & 3};
}

// sin and cos of high + low for |high| <= pi / 4, polynomials of fdlibm.
inline double SinKernel(double x, double low) {
  const double z = x * x;
  double p = 1.58969099521155010221e-10;
  p = p * z + -2.50507602534068634195e-08;
  p = p * z + 2.75573137070700676789e-06;
  p = p * z + -1.98412698298579493134e-04;
  p = p * z + 8.33333333332248946124e-03;
  const double cube = z * x;
  return x - ((z * (0.5 * low - cube * p) - low) -
              cube * -1.66666666666666324348e-01);
}

inline double CosKernel(double x, double low) {
  const double z = x * x;
  double p = -1.13596475577881948265e-11;
  p = p * z + 2.08757232129817482790e-09;
  p = p * z + -2.75573143513906633035e-07;
  p = p * z + 2.48015872894767294178e-05;
  p = p * z + -1.38888888888741095749e-03;
  p = p * z + 4.16666666666666019037e-02;
  const double half = 0.5 * z;
  const double w = 1.0 - half;
  return w + (((1.0 - w) - half) + (z * z * p - x * low));
}

inline double SinOfQuarter(const Quadrant& q, uint64_t shift) {
  const double sin = SinKernel(q.high, q.low);
  const double cos = CosKernel(q.high, q.low);
  const uint64_t quarter = q.quarter + shift;
  const double value = (quarter & 1) != 0 ? cos : sin;
  return std::bit_cast<double>(std::bit_cast<uint64_t>(value) ^
                               ((quarter & 2) << 62));
}

inline double Sin(double x) {
  const double value = SinOfQuarter(Reduce(x), 0);
  return std::abs(x) <= 1e6 ? value : kNan;
}

inline double Cos(double x) {
  const double value = SinOfQuarter(Reduce(x), 1);
  return std::abs(x) <= 1e6 ? value : kNan;
}

// erf(x) / x as a polynomial in z = x^2 for |x| <= 1; error 1.3e-19.
inline double ErfNear(double z) {
  double p = 5.9571761477489114044e-11;
  p = p * z + -1.137284885679167367e-9;
  p = p * z + 1.4659775274047435814e-8;
  p = p * z + -1.6350312701054695011e-7;
  p = p * z + 1.6461000484121368033e-6;
  p = p * z + -0.000014925595266831181565;
  p = p * z + 0.00012055331111642710923;
  p = p * z + -0.00085483269808337899052;
  p = p * z + 0.0052239776248180144673;
  p = p * z + -0.026866170645076793248;
  p = p * z + 0.11283791670954878666;
  p = p * z + -0.37612638903183748056;
  return p * z + 1.1283791670955125738;
}

// erfc(x) exp(x^2) for 1 <= x <= 6 as a polynomial in 1 / (x + 2) less the
// middle of its range; error 2.4e-19.
inline double ErfcxFar(double x) {
  const double u = 1.0 / (x + 2.0) - 0.22916666666666666667;
  double p = 7241.8320682991643337;
  p = p * u + -4850.8964163456508635;
  p = p * u + -75.454888732311575107;
  p = p * u + 1248.8622896665339407;
  p = p * u + -432.95358662217104634;
  p = p * u + -164.61512078517186728;
  p = p * u + 167.47415417265562249;
  p = p * u + -3.9134152743320438951;
  p = p * u + -48.514212451726133527;
  p = p * u + 11.79467533363206001;
  p = p * u + 14.875367342826811245;
  p = p * u + -5.7458475990460161031;
  p = p * u + -6.5875757534513027642;
  p = p * u + 1.6743948244480157821;
  p = p * u + 4.9446269619296169746;
  p = p * u + 3.5537421703848105953;
  p = p * u + 1.554178253193839835;
  return p * u + 0.22142954022993180646;
}

// Both polynomials are Chebyshev fits made with 60 digits.
inline double Erf(double x) {
  const double size = std::abs(x);
  const double clipped = size > 6.0 ? 6.0 : size;
  const double far_x = clipped < 1.0 ? 1.0 : clipped;
  const double far = 1.0 - Exp(-(far_x * far_x)) * ErfcxFar(far_x);
  const double near_x = clipped > 1.0 ? 1.0 : clipped;
  const double near = near_x * ErfNear(near_x * near_x);
  return std::copysign(size > 1.0 ? far : near, x) + (size > 6.0 ? 0.0 : x - x);
}

inline double Logistic(double x) { return 1.0 / (1.0 + Exp(-x)); }

}  // namespace engram::math::kernels
