#include "core/base/huge_pages.h"

#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace engram {

#ifdef __linux__
namespace {

constexpr uintptr_t kPage = uintptr_t{1} << 21;
// Collapses at once what khugepaged would find in time; from Linux 6.1 on.
constexpr int kCollapse = 25;

}  // namespace

void PreferHugePages(std::span<const std::byte> memory) {
  const uintptr_t first = reinterpret_cast<uintptr_t>(memory.data());
  const uintptr_t begin = (first + kPage - 1) / kPage * kPage;
  const uintptr_t end = (first + memory.size()) / kPage * kPage;
  if (begin >= end) return;
  void* const pages = reinterpret_cast<void*>(begin);
  // Advice: what comes of it is not needed.
  if (madvise(pages, end - begin, MADV_HUGEPAGE) != 0) return;
  (void)madvise(pages, end - begin, kCollapse);
}
#else
void PreferHugePages(std::span<const std::byte>) {}
#endif

}  // namespace engram
