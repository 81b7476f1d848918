#pragma once

#include "absl/status/statusor.h"
#include "engram/v1/catalog.pb.h"
#include "server/rpc/parts.h"

namespace engram {

// A preset with what its text says of itself.
absl::StatusOr<v1::Preset> PresetMessage(const PresetFile& preset,
                                         const Parts& parts);

}  // namespace engram
