#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "core/base/units.h"

namespace engram {

// The symbols that units are made of.
class UnitTable {
 public:
  // "s", "ms", "KiB", "%", "1"; none for a symbol that is not in the table.
  static std::optional<Unit> Find(absl::string_view symbol);

 private:
  static std::optional<Unit> FindWhole(absl::string_view symbol,
                                       bool is_prefixed);
};

}  // namespace engram
