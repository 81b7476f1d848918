#pragma once

#include <cstdint>

namespace engram {

// Writes the units begin + k for which fires(k), after reset(k), and gives
// their number. Few fire in a step: groups of units are looked at as one, in
// packets, and only those in which one fires unit by unit.
template <class Fires, class Reset>
int64_t CollectSpikes(int64_t begin, int64_t end, int32_t* spikes, Fires fires,
                      Reset reset) {
  constexpr int64_t kGroup = 64;
  const int64_t size = end - begin;
  int64_t count = 0;
  const auto look_at = [&](int64_t k) {
    if (!fires(k)) return;
    reset(k);
    spikes[count++] = static_cast<int32_t>(begin + k);
  };
  int64_t k = 0;
  for (; k + kGroup <= size; k += kGroup) {
    int any = 0;
    for (int64_t i = k; i < k + kGroup; ++i) any |= fires(i) ? 1 : 0;
    if (any == 0) continue;
    for (int64_t i = k; i < k + kGroup; ++i) look_at(i);
  }
  for (; k < size; ++k) look_at(k);
  return count;
}

}  // namespace engram
