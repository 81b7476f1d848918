#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace engram::store {

class Reader;
class Transaction;

// What the server must remember about itself: "draining".
std::optional<std::string> ReadSetting(Reader& reader, absl::string_view name);
void StoreSetting(Transaction& transaction, absl::string_view name,
                  absl::string_view value);

}  // namespace engram::store
