#pragma once

#include <cstdint>
#include <span>

// Elementary functions that give the same bits on every machine and for every
// length of an array: straight-line IEEE arithmetic, without contraction,
// tables or branches, so that the compiler's packets and a single call compute
// the very same operations. Never libm, whose results differ between its
// versions and between its scalar and its vector forms.
//
// Accuracy is that of the tests (against long double): 1 ulp for Exp, Log, Sin
// and Cos, 2 for Erf, 3 for Tanh and Pow. Results too small for a normal number
// are 0, as everywhere in the core (base/numerics.h). NaN gives NaN.
//
// Thread-safe; `in` and `out` have one length and may be the same array.
namespace engram::math {

double Exp(double x);
// -infinity at 0, NaN below.
double Log(double x);
// exp(y log x) with log x in double-double; x >= 0, otherwise NaN.
double Pow(double x, double y);
double Tanh(double x);
// |x| <= 1e6: beyond that NaN, rather than a number with few right digits.
double Sin(double x);
double Cos(double x);
double Erf(double x);
// 1 / (1 + exp(-x))
double Logistic(double x);

void Exp(std::span<const double> in, std::span<double> out);
void Log(std::span<const double> in, std::span<double> out);
void Pow(std::span<const double> in, double y, std::span<double> out);
void Tanh(std::span<const double> in, std::span<double> out);
void Sin(std::span<const double> in, std::span<double> out);
void Cos(std::span<const double> in, std::span<double> out);
void Erf(std::span<const double> in, std::span<double> out);
// out[i] = Logistic((in[i] - shift) * scale)
void Logistic(std::span<const double> in, double shift, double scale,
              std::span<double> out);

// In place, as FillNormal of RandomStream needs it: pairs (2j, 2j + 1) of
// uniform numbers become pairs of standard normal ones (Box and Muller 1958,
// doi:10.1214/aoms/1177706645). Even length.
void NormalFromUniform(std::span<double> pairs);

}  // namespace engram::math
