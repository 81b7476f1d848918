#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "server/store/filter.h"
#include "server/store/listing_field.h"
#include "server/store/sql_text.h"

namespace engram::store {

// `column` compared with the values, typed as the field is. A word that reads
// as a number is one where the field takes both; in quotes it is text.
// INVALID_ARGUMENT with its place.
absl::StatusOr<SqlText> CompareSql(const std::string& column,
                                   const Comparison& comparison,
                                   ListingField::Type type);

}  // namespace engram::store
