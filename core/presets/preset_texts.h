#pragma once

#include <vector>

#include "core/presets/presets.h"

namespace engram {

// Defined in a source that the build writes from the files of core/presets.
std::vector<Preset> PresetTexts();

}  // namespace engram
