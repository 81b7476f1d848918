#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "server/store/filter.h"
#include "server/store/key_set.h"
#include "server/store/keys.h"
#include "server/store/listing_field.h"

namespace engram::store {

// So many runs at most are looked at one by one; more than that are found by
// going through an index from end to end, at a tenth of a microsecond a run.
inline constexpr int64_t kNarrow = 2000;

// Keys of the runs, of one experiment or of all, that meet the filter; nothing
// when that is every run. Cost: what the narrowest part of the filter holds if
// that is at most kNarrow, else one pass over an index for each comparison.
// INVALID_ARGUMENT with its place: see ComparisonSql.
absl::StatusOr<std::optional<KeySet>> RunsThatMeet(
    Reader& reader, std::optional<ExperimentKey> experiment,
    const Filter& filter, const FieldResolver& resolver);

KeySet EveryRun(Reader& reader);

}  // namespace engram::store
