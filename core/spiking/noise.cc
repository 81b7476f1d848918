#include "core/spiking/noise.h"

#include <bit>
#include <cmath>

namespace engram {
namespace {

constexpr int64_t kPairs = 16;  // of a radius and an angle, side by side

// log(x) of a normal x: the polynomial of Cephes' logf (Moshier 1992) on
// [sqrt(1/2), sqrt(2)).
inline float Log(float x) {
  constexpr uint32_t kSqrtHalf = 0x3f3504f3;
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  const int32_t exponent = static_cast<int32_t>(bits - kSqrtHalf) >> 23;
  const float m =
      std::bit_cast<float>(bits - (static_cast<uint32_t>(exponent) << 23));
  const float f = m - 1.0F;
  const float z = f * f;
  float p = 7.0376836292e-2F;
  p = p * f - 1.1514610310e-1F;
  p = p * f + 1.1676998740e-1F;
  p = p * f - 1.2420140846e-1F;
  p = p * f + 1.4249322787e-1F;
  p = p * f - 1.6668057665e-1F;
  p = p * f + 2.0000714765e-1F;
  p = p * f - 2.4999993993e-1F;
  p = p * f + 3.3333331174e-1F;
  const float e = static_cast<float>(exponent);
  return (f + (p * f * z - 0.5F * z)) + e * 0.693147180559945F;
}

// Polynomials of Cephes' sinf and cosf on [-pi/4, pi/4].
inline float Sin(float x) {
  const float z = x * x;
  float p = -1.9515295891e-4F;
  p = p * z + 8.3321608736e-3F;
  p = p * z - 1.6666654611e-1F;
  return x + x * z * p;
}
inline float Cos(float x) {
  const float z = x * x;
  float p = 2.443315711809948e-5F;
  p = p * z - 1.388731625493765e-3F;
  p = p * z + 4.166664568298827e-2F;
  return 1.0F - 0.5F * z + z * z * p;
}

inline float WithSign(float x, uint32_t sign) {
  return std::bit_cast<float>(std::bit_cast<uint32_t>(x) ^ sign);
}

// The quarter of the circle is in the angle's two highest bits, the place in
// it, from the middle, in the others.
inline void Pair(uint32_t radius_word, uint32_t angle_word, float& cosine,
                 float& sine) {
  // 32 bits and a half, so never 0.
  const float u =
      static_cast<float>(static_cast<int32_t>(radius_word >> 1)) * 0x1p-31F +
      0x1p-33F;
  const float log_u = Log(u);
  const float radius = std::sqrt(log_u < 0.0F ? -2.0F * log_u : 0.0F);
  constexpr float kQuarter = 1.57079632679489662F;
  const int32_t place = static_cast<int32_t>(angle_word << 2) >> 2;
  const float x = static_cast<float>(place) * (kQuarter * 0x1p-30F);
  const float s = Sin(x), c = Cos(x);
  const uint32_t quarter = (angle_word + 0x20000000U) >> 30;
  const bool is_odd = (quarter & 1U) != 0;
  const float cos_part = is_odd ? s : c, sin_part = is_odd ? c : s;
  cosine = radius * WithSign(cos_part, ((quarter + 1U) & 2U) << 30);
  sine = radius * WithSign(sin_part, (quarter & 2U) << 30);
}

}  // namespace

void NormalsOf(const NoiseWords& words, NoiseNumbers& out) {
  const uint32_t* __restrict in = words.data();
  float* __restrict to = out.data();
  for (int64_t half = 0; half < kNoiseUnits; half += 2 * kPairs) {
    for (int64_t i = half; i < half + kPairs; ++i) {
      Pair(in[i], in[i + kPairs], to[i], to[i + kPairs]);
    }
  }
}

}  // namespace engram
