#include "server/store/asked_chunks.h"

#include <utility>

namespace engram::store {
namespace {

constexpr int64_t kGraceUs = 3'600'000'000;  // one hour

}  // namespace

AskedChunks::AskedChunks(std::function<int64_t()> steady_us)
    : steady_us_(std::move(steady_us)), since_us_(steady_us_()) {}

absl::flat_hash_set<Digest> AskedChunks::Remember(
    std::span<const Digest> digests) {
  const int64_t now_us = steady_us_();
  absl::flat_hash_set<Digest> going;
  MutexLock lock(mu_);
  for (const Digest& digest : digests) {
    asked_us_[digest] = now_us;
    if (going_.contains(digest)) going.insert(digest);
  }
  if (asked_us_.size() >= forget_at_size_) {
    absl::erase_if(asked_us_, [&](const auto& entry) {
      return entry.second < now_us - kGraceUs;
    });
    // So that a busy hour does not go through them all at every call.
    forget_at_size_ = 2 * asked_us_.size() + 100'000;
  }
  return going;
}

bool AskedChunks::IsSpared(const Digest& digest) const {
  MutexLock lock(mu_);
  return IsSparedAt(digest, steady_us_());
}

bool AskedChunks::MayGo(const Digest& digest) {
  MutexLock lock(mu_);
  if (IsSparedAt(digest, steady_us_())) return false;
  going_.insert(digest);
  return true;
}

void AskedChunks::HaveGone() {
  MutexLock lock(mu_);
  going_.clear();
}

bool AskedChunks::IsSparedAt(const Digest& digest, int64_t now_us) const {
  if (now_us - since_us_ < kGraceUs) return true;
  const auto asked = asked_us_.find(digest);
  return asked != asked_us_.end() && now_us - asked->second < kGraceUs;
}

}  // namespace engram::store
