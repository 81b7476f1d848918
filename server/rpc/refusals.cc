#include "server/rpc/refusals.h"

#include <algorithm>
#include <utility>

namespace engram {
namespace {

constexpr double kMostLines = 60;
constexpr double kLinesPerMicrosecond = 1e-6;
// Origins that are told apart; those beyond share one bucket.
constexpr size_t kMostOrigins = 4096;
constexpr char kOthers[] = "others";

}  // namespace

double Refusals::LinesAt(const Bucket& bucket, int64_t now_us) {
  // A clock that was set back fills nothing.
  const int64_t passed_us = std::max<int64_t>(0, now_us - bucket.filled_us);
  return std::min(kMostLines, bucket.lines + static_cast<double>(passed_us) *
                                                 kLinesPerMicrosecond);
}

Refusals::Bucket& Refusals::Find(const std::string& origin, int64_t now_us) {
  const auto found = buckets_.find(origin);
  if (found != buckets_.end()) return found->second;
  if (buckets_.size() >= kMostOrigins) {
    // Who has been quiet long enough to have a full bucket needs none.
    std::erase_if(buckets_, [now_us](const auto& entry) {
      return LinesAt(entry.second, now_us) >= kMostLines;
    });
  }
  const bool has_room = buckets_.size() < kMostOrigins;
  const auto [entry, is_fresh] =
      buckets_.try_emplace(has_room ? origin : kOthers);
  if (is_fresh) entry->second = {.lines = kMostLines, .filled_us = now_us};
  return entry->second;
}

Refusals::Verdict Refusals::Count(const std::string& origin, int64_t now_us) {
  MutexLock lock(mu_);
  ++total_;
  Bucket& bucket = Find(origin, now_us);
  bucket.lines = LinesAt(bucket, now_us);
  bucket.filled_us = now_us;
  if (bucket.lines < 1) {
    ++bucket.left_out;
    return {};
  }
  bucket.lines -= 1;
  return {.is_recorded = true, .left_out = std::exchange(bucket.left_out, 0)};
}

int64_t Refusals::total() const {
  MutexLock lock(mu_);
  return total_;
}

std::string HostOf(absl::string_view peer) {
  const size_t colon = peer.find(':');
  const size_t last = peer.rfind(':');
  // "unix:" has neither host nor port.
  if (colon == absl::string_view::npos || last == colon) {
    return std::string(peer.substr(0, colon));
  }
  return std::string(peer.substr(colon + 1, last - colon - 1));
}

}  // namespace engram
