#pragma once

#include <string_view>
#include <vector>

#include "core/base/contract.h"

namespace engram {

// The row of a kind's table (a struct with a member `spec`) that has this type.
// Validation has seen the type, so a missing one is a broken promise.
template <class Row>
const Row& RowOf(const std::vector<Row>& rows, std::string_view type) {
  for (const Row& row : rows) {
    if (row.spec.type == type) return row;
  }
  ENGRAM_EXPECT(false && "type without a row in its kind's table");
}

}  // namespace engram
