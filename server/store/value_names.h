#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram::store {

class Reader;
class Transaction;

// Names of parameters and summary values are kept once; value rows hold their
// numbers. A parameter and a summary value may have the same name.
enum class NameKind { kParameter, kSummary };

int64_t InternName(Transaction& transaction, absl::string_view name,
                   NameKind kind);

struct ValueName {
  int64_t key = 0;
  std::string name;
  NameKind kind = NameKind::kParameter;
};
std::vector<ValueName> AllValueNames(Reader& reader);

}  // namespace engram::store
