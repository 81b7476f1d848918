#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace engram::store {
class Store;
}

namespace engram {

// A new admin's token, for whoever may read the data folder: the way back in
// when the last one is lost. The user is made when there is none of that name.
// Leaves a row in the audit log. Returns the secret.
absl::StatusOr<std::string> NewAdminToken(store::Store& store,
                                          const std::string& user,
                                          int64_t now_us);

}  // namespace engram
