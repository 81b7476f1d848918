#pragma once

#include <string>

#include "absl/status/status.h"
#include "engram/v1/admin.pb.h"
#include "server/rpc/parts.h"
#include "server/store/token_table.h"
#include "server/store/user_table.h"

namespace engram {

v1::Quota QuotaMessage(const store::QuotaRow& row);
v1::User UserMessage(const store::UserRow& row, const Parts& parts);
v1::Token TokenMessage(const store::TokenRow& row);

// INVALID_ARGUMENT (BadRequest on `field`) unless the name has 1 to 64
// letters, digits, '-', '_' and '.', and begins with a letter or digit.
absl::Status CheckUserName(const std::string& name, absl::string_view field);

}  // namespace engram
