#pragma once

#include "server/rpc/parts.h"

namespace engram {

// What the core of this build knows: its catalog, estimates and presets.
const Science& BuiltinScience();

}  // namespace engram
