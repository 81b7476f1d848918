#include "core/base/numerics.h"

#include <Eigen/Core>
#include <cfenv>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace engram {
namespace {

// Typical of the machines that labs have; what counts is that they are fixed.
constexpr std::ptrdiff_t kLevel1 = 32 * 1024;
constexpr std::ptrdiff_t kLevel2 = 512 * 1024;
constexpr std::ptrdiff_t kLevel3 = 4 * 1024 * 1024;

#if defined(__x86_64__)
constexpr unsigned kFlushToZero = 0x8000;     // MXCSR.FZ
constexpr unsigned kDenormalsAreZero = 0x40;  // MXCSR.DAZ
constexpr unsigned kFlush = kFlushToZero | kDenormalsAreZero;
unsigned long long Control() { return _mm_getcsr(); }
void SetControl(unsigned long long word) {
  _mm_setcsr(static_cast<unsigned>(word));
}
#elif defined(__aarch64__)
constexpr unsigned long long kFlush = 1ull << 24;  // FPCR.FZ
unsigned long long Control() {
  unsigned long long word;
  __asm__ volatile("mrs %0, fpcr" : "=r"(word));
  return word;
}
void SetControl(unsigned long long word) {
  __asm__ volatile("msr fpcr, %0" : : "r"(word));
}
#else
#error "flush-to-zero is not known for this processor"
#endif

}  // namespace

void SetNumericEnvironment() {
  std::fesetround(FE_TONEAREST);
  SetControl(Control() | kFlush);
  Eigen::setCpuCacheSizes(kLevel1, kLevel2, kLevel3);
}

std::string NumericEnvironmentFault() {
  if ((Control() & kFlush) != kFlush) return "flush-to-zero is off";
  if (std::fegetround() != FE_TONEAREST) return "rounding is not to nearest";
  if (Eigen::l1CacheSize() != kLevel1 || Eigen::l2CacheSize() != kLevel2 ||
      Eigen::l3CacheSize() != kLevel3) {
    return "Eigen blocks products for other cache sizes than the fixed ones";
  }
  return "";
}

ScopedNumericEnvironment::ScopedNumericEnvironment() : saved_(Control()) {
  SetNumericEnvironment();
}
ScopedNumericEnvironment::~ScopedNumericEnvironment() { SetControl(saved_); }

}  // namespace engram
