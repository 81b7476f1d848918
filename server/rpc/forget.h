#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace engram::store {
class Store;
}

namespace engram {

// Removes what is kept for a while alone: request ids and what is left of
// uploads for 7 days, events of runs that have ended for 30, audit entries for
// 400. Stops between two
// commits when `may_go_on` says no; the next call goes on there.
absl::Status ForgetOld(store::Store& store, int64_t now_us,
                       const std::function<bool()>& may_go_on);

// Calls `forget_some`, which removes at most `limit` things in one commit and
// returns how many, until none are left to remove or `may_go_on` says no:
// whoever else writes gets his turn between two commits.
absl::Status ForgetInBatches(
    int64_t limit, const std::function<absl::StatusOr<int64_t>()>& forget_some,
    const std::function<bool()>& may_go_on);

// Removes what uploads that broke off have left in the folder, where nothing
// was added since `before`. Returns how many files.
int64_t TidyUploads(const std::filesystem::path& folder,
                    std::filesystem::file_time_type before);

}  // namespace engram
