#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/rpc/settings.h"

namespace engram {

// Each reads the text of one setting; INVALID_ARGUMENT names key and origin,
// what was given and what is allowed.

// A whole number of at least 1.
absl::Status SetCount(const SettingOrigin& setting, int& count);

// Bytes: a number with B, kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB,
// TiB (of 1024); without a unit bytes. At least 1 MB.
absl::Status SetBytes(const SettingOrigin& setting, int64_t& bytes);

// The same, or 0 for none.
absl::Status SetBytesOrNone(const SettingOrigin& setting, int64_t& bytes);

// A time of at least a second with s, min, h or d; or 0 for never.
absl::Status SetPeriod(const SettingOrigin& setting, int64_t& seconds);

absl::Status CheckChoice(const SettingOrigin& setting,
                         const std::vector<std::string>& choices);

}  // namespace engram
