#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// Processor time used, weighted by how long ago: halved every 7 days. Users
// take turns by it, the one who used least first.
class FairShare {
 public:
  static constexpr int64_t kHalfLifeUs = int64_t{7} * 86'400 * 1'000'000;

  // cpu-seconds as they were at one time.
  struct Usage {
    double cpu_seconds = 0;
    int64_t as_of_us = 0;
  };

  // What is stored of a user. What is as of later than `now_us`, because the
  // clock was set back since, is as of now.
  void Load(absl::string_view owner, const Usage& usage, int64_t now_us);
  // Adds time used up to `now_us`; returns what is to be stored.
  Usage Add(absl::string_view owner, double cpu_seconds, int64_t now_us);
  // At `now_us`; a clock that was set back decays nothing.
  double At(absl::string_view owner, int64_t now_us) const;

 private:
  std::map<std::string, Usage, std::less<>> usage_;
};

// What `usage` weighs at `now_us`.
double Decayed(const FairShare::Usage& usage, int64_t now_us);

}  // namespace engram
