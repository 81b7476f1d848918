#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

// The kernels behind math.h in single precision: as math_kernels.h, straight
// lines of IEEE arithmetic that the compiler turns into packets, for loops of
// gated cells and optimizers.
namespace engram::math::kernels {

inline constexpr float kLn2HighSingle = 0.693359375f;  // 9 bits
inline constexpr float kLn2LowSingle = -2.12194440054690583e-4f;
inline constexpr float kLog2ESingle = 1.44269504088896338700f;
inline constexpr float kRoundSingle = 0x1.8p23f;

// exp(r) - 1 for |r| <= ln(2) / 2, Taylor to degree 7 (remainder 5e-9).
inline float Expm1Reduced(float r) {
  float p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  return r + r * r * p;
}

// 2^n for the integer n in the lowest bits of `rounded`; -126 <= n <= 127.
inline float PowerOfTwo(float rounded) {
  return std::bit_cast<float>((std::bit_cast<uint32_t>(rounded) + 127u) << 23);
}

inline float Exp(float x) {
  constexpr float kLowest = -86.6f;  // exp of it is above 2^-125
  constexpr float kHighest = 88.72f;
  float y = x < kLowest ? kLowest : x;
  y = y > kHighest ? kHighest : y;
  const float rounded = y * kLog2ESingle + kRoundSingle;
  const float n = rounded - kRoundSingle;
  const float r = (y - n * kLn2HighSingle) - n * kLn2LowSingle;
  // n reaches 128: half of the scale first.
  const float value =
      (1.0f + Expm1Reduced(r)) * PowerOfTwo(rounded - 1.0f) * 2.0f;
  const float clipped = x < kLowest ? 0.0f : value;
  return x > kHighest ? std::numeric_limits<float>::infinity() : clipped;
}

// (exp(2 x) - 1) / (exp(2 x) + 1) without cancellation near 0.
inline float Tanh(float x) {
  const float size = std::abs(x);
  const float y = size > 10.0f ? 20.0f : 2.0f * size;
  const float rounded = y * kLog2ESingle + kRoundSingle;
  const float n = rounded - kRoundSingle;
  const float r = (y - n * kLn2HighSingle) - n * kLn2LowSingle;
  const float scale = PowerOfTwo(rounded);
  const float expm1 = scale * Expm1Reduced(r) + (scale - 1.0f);
  return std::copysign(expm1 / (expm1 + 2.0f), x) + (x - x);
}

inline float Logistic(float x) { return 1.0f / (1.0f + Exp(-x)); }

}  // namespace engram::math::kernels
