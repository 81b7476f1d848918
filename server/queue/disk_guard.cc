#include "server/queue/disk_guard.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace engram {

DiskGuard::DiskGuard(std::function<int64_t()> free_bytes,
                     int64_t low_water_bytes)
    : free_bytes_(std::move(free_bytes)), low_water_bytes_(low_water_bytes) {}

bool DiskGuard::IsLow() { return low_water_bytes_ > 0 && Judge(free_bytes_()); }

absl::Status DiskGuard::Admit() {
  if (low_water_bytes_ == 0) return absl::OkStatus();
  const int64_t free_bytes = free_bytes_();
  if (!Judge(free_bytes)) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "the server's disk is nearly full: ", free_bytes / 1'000'000,
      " MB are free and no run is taken below ", low_water_bytes_ / 1'000'000,
      " MB (disk_low_water); submit again once experiments were deleted and "
      "collected (engram delete, engram admin gc) or the disk has space"));
}

bool DiskGuard::Judge(int64_t free_bytes) {
  const int64_t mark =
      was_low_ ? low_water_bytes_ + low_water_bytes_ / 20 : low_water_bytes_;
  was_low_ = free_bytes < mark;
  return was_low_;
}

}  // namespace engram
