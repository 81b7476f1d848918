#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/store/user_table.h"

namespace engram {

// What of a user's quota is used.
struct QuotaUse {
  int64_t waiting_runs = 0;
  double cpu_hours = 0;  // halved every 7 days
  int64_t stored_bytes = 0;
};

// Whether `owner` may queue `new_runs` more. RESOURCE_EXHAUSTED with a
// QuotaFailure says what is used, what is allowed and what to do. The fourth
// quota, of runs at work, refuses nothing: runs wait for it.
absl::Status CheckQuota(absl::string_view owner, const store::QuotaRow& quota,
                        const QuotaUse& use, int64_t new_runs);

}  // namespace engram
