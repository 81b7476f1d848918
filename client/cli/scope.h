#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engram/v1/access.pb.h"

namespace engram::cli {

// "viewer", "submitter", "admin", "worker".
std::string ScopeWord(v1::Scope scope);

// "90 d", "12 h", "30 min". INVALID_ARGUMENT for what is no length of time.
absl::StatusOr<absl::Duration> ParseLife(const std::string& text);

// "2 GB", "500 MB", "1e9", in bytes. INVALID_ARGUMENT for what is no size.
absl::StatusOr<int64_t> ParseBytes(const std::string& text);

}  // namespace engram::cli
