#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/rpc/settings.h"

namespace engram {

// The keys of an engramd.yaml with the line each stands on. INVALID_ARGUMENT
// names file and line: text that is no YAML, an unknown key (with the nearest
// known one), a key that comes twice, a value that is no plain text or number.
absl::StatusOr<std::vector<SettingOrigin>> ReadSettingsFile(
    const std::string& path, const std::vector<std::string>& known);

}  // namespace engram
