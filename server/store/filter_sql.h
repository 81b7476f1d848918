#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "server/store/filter.h"
#include "server/store/listing_field.h"
#include "server/store/sql_text.h"

namespace engram::store {

// The condition that a comparison puts on a row of `r` and `e`.
// INVALID_ARGUMENT with its place: an operator or a value that the field does
// not take.
absl::StatusOr<SqlText> ComparisonSql(const Comparison& comparison,
                                      const ListingField& field, Listed listed);

// The field that a comparison names. INVALID_ARGUMENT with its place.
absl::StatusOr<ListingField> FieldOf(const Comparison& comparison,
                                     const FieldResolver& resolver);

// The condition of a whole filter.
absl::StatusOr<SqlText> FilterSql(const Filter& filter,
                                  const FieldResolver& resolver, Listed listed);

// For each part that every match must meet and that an index answers: text
// that selects the keys of the runs that meet it.
absl::StatusOr<std::vector<SqlText>> RunSources(const Filter& filter,
                                                const FieldResolver& resolver);

}  // namespace engram::store
