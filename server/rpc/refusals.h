#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/mutex.h"

namespace engram {

// How much the calls that are refused may write: each origin (a peer's address
// or a user) has 60 lines at once and one a second after. Calls beyond that are
// refused all the same, and counted, but fill neither log nor disk. Nobody is
// locked out: a good token always passes. Thread-safe.
class Refusals {
 public:
  struct Verdict {
    bool is_recorded = false;
    // Of this origin that were not recorded since the last one that was.
    int64_t left_out = 0;
  };
  Verdict Count(const std::string& origin, int64_t now_us);

  // Of all origins since the start.
  int64_t total() const;

 private:
  struct Bucket {
    double lines = 0;
    int64_t filled_us = 0;
    int64_t left_out = 0;
  };
  static double LinesAt(const Bucket& bucket, int64_t now_us);
  Bucket& Find(const std::string& origin, int64_t now_us) ENGRAM_REQUIRES(mu_);

  mutable Mutex mu_;
  int64_t total_ GUARDED_BY(mu_) = 0;
  std::map<std::string, Bucket> buckets_ GUARDED_BY(mu_);
};

// "10.0.0.7" of "tls+ipv4:10.0.0.7:40112": one origin whatever its port.
std::string HostOf(absl::string_view peer);

}  // namespace engram
