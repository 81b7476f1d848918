#include "core/base/math.h"

#include "core/base/contract.h"
#include "core/base/math_kernels.h"

namespace engram::math {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;

template <class Kernel>
inline void Apply(std::span<const double> in, std::span<double> out,
                  Kernel kernel) {
  ENGRAM_EXPECT(in.size() == out.size());
  const size_t n = in.size();
  const double* from = in.data();
  double* to = out.data();
#pragma GCC ivdep
  for (size_t i = 0; i < n; ++i) to[i] = kernel(from[i]);
}

}  // namespace

double Exp(double x) { return kernels::Exp(x); }
double Log(double x) { return kernels::Log(x); }
double Pow(double x, double y) { return kernels::Pow(x, y); }
double Tanh(double x) { return kernels::Tanh(x); }
double Sin(double x) { return kernels::Sin(x); }
double Cos(double x) { return kernels::Cos(x); }
double Erf(double x) { return kernels::Erf(x); }
double Logistic(double x) { return kernels::Logistic(x); }

void Exp(std::span<const double> in, std::span<double> out) {
  Apply(in, out, [](double x) { return kernels::Exp(x); });
}
void Log(std::span<const double> in, std::span<double> out) {
  Apply(in, out, [](double x) { return kernels::Log(x); });
}
void Pow(std::span<const double> in, double y, std::span<double> out) {
  Apply(in, out, [y](double x) { return kernels::Pow(x, y); });
}
void Tanh(std::span<const double> in, std::span<double> out) {
  Apply(in, out, [](double x) { return kernels::Tanh(x); });
}
void Sin(std::span<const double> in, std::span<double> out) {
  Apply(in, out, [](double x) { return kernels::Sin(x); });
}
void Cos(std::span<const double> in, std::span<double> out) {
  Apply(in, out, [](double x) { return kernels::Cos(x); });
}
void Erf(std::span<const double> in, std::span<double> out) {
  Apply(in, out, [](double x) { return kernels::Erf(x); });
}
void Logistic(std::span<const double> in, double shift, double scale,
              std::span<double> out) {
  Apply(in, out, [shift, scale](double x) {
    return kernels::Logistic((x - shift) * scale);
  });
}

void NormalFromUniform(std::span<double> pairs) {
  ENGRAM_EXPECT(pairs.size() % 2 == 0);
  double* p = pairs.data();
  const size_t n = pairs.size();
#pragma GCC ivdep
  for (size_t i = 0; i < n; i += 2) {
    const double radius = std::sqrt(-2.0 * kernels::Log(p[i]));
    const double angle = kTwoPi * p[i + 1];
    p[i] = radius * kernels::Cos(angle);
    p[i + 1] = radius * kernels::Sin(angle);
  }
}

}  // namespace engram::math
