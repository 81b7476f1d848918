#pragma once

#include <cstdint>
#include <functional>

#include "server/store/key_set.h"

namespace engram::store {

class Reader;

// Calls `visit(experiment, run)` with the keys of every run of the
// experiments: through each one's index entries, or, when they are many, in
// one pass over those of all runs.
void ForEachRunOf(Reader& reader, const KeySet& experiments,
                  const std::function<void(int64_t, int64_t)>& visit);

}  // namespace engram::store
