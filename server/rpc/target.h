#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/rpc/caller.h"
#include "server/rpc/name.h"
#include "server/rpc/parts.h"

namespace engram {

// The experiment or run that a name means, if the caller may `verb` it.
absl::StatusOr<TargetRef> OwnTarget(const Caller& caller,
                                    absl::string_view name,
                                    absl::string_view verb, const Parts& parts);

}  // namespace engram
