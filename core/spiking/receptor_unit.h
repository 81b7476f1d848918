#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "core/spec/component.h"

namespace engram {

// The unit of what a projection or stimulus of a spiking network brings to its
// targets: that of the receptor that it names, the same in all of them.
// INVALID_ARGUMENT where that cannot be told.
absl::StatusOr<std::string> ReceptorUnitOf(const Component& self,
                                           const Component& root);

}  // namespace engram
