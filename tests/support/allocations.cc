#include "tests/support/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace engram {
namespace {

std::atomic<int64_t> count{0};
std::atomic<size_t> shift{0};

// Memory whose start is kept in the word before it.
void* Allocate(size_t size, size_t alignment) {
  count.fetch_add(1, std::memory_order_relaxed);
  const size_t room = sizeof(void*) + shift.load(std::memory_order_relaxed);
  void* raw = std::malloc(size + room + alignment);
  if (raw == nullptr) throw std::bad_alloc();
  uintptr_t at = reinterpret_cast<uintptr_t>(raw) + room;
  at = (at + alignment - 1) / alignment * alignment;
  reinterpret_cast<void**>(at)[-1] = raw;
  return reinterpret_cast<void*>(at);
}

void Free(void* at) {
  if (at != nullptr) std::free(static_cast<void**>(at)[-1]);
}

constexpr size_t kPlain = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

}  // namespace

int64_t AllocationCount() { return count.load(); }
void ShiftAllocations(size_t bytes) { shift.store(bytes); }

}  // namespace engram

void* operator new(size_t size) {
  return engram::Allocate(size, engram::kPlain);
}
void* operator new[](size_t size) {
  return engram::Allocate(size, engram::kPlain);
}
void* operator new(size_t size, std::align_val_t alignment) {
  return engram::Allocate(size, static_cast<size_t>(alignment));
}
void* operator new[](size_t size, std::align_val_t alignment) {
  return engram::Allocate(size, static_cast<size_t>(alignment));
}
// Left to the library they would call those above, but not under a sanitizer.
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return engram::Allocate(size, engram::kPlain);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return engram::Allocate(size, engram::kPlain);
}
void operator delete(void* at) noexcept { engram::Free(at); }
void operator delete[](void* at) noexcept { engram::Free(at); }
void operator delete(void* at, size_t) noexcept { engram::Free(at); }
void operator delete[](void* at, size_t) noexcept { engram::Free(at); }
void operator delete(void* at, std::align_val_t) noexcept { engram::Free(at); }
void operator delete[](void* at, std::align_val_t) noexcept {
  engram::Free(at);
}
void operator delete(void* at, size_t, std::align_val_t) noexcept {
  engram::Free(at);
}
void operator delete[](void* at, size_t, std::align_val_t) noexcept {
  engram::Free(at);
}
