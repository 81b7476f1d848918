#include "server/store/schema_4.h"

namespace engram::store {

// Where the spikes of a population are: they lie in the chunks of items, and
// spike_part says in which, so that a stretch of a long run is read alone.
const char kSchema4[] = R"sql(
CREATE TABLE population (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  name TEXT NOT NULL,
  unit_count INTEGER NOT NULL,
  dt_ms REAL NOT NULL,
  spike_count INTEGER NOT NULL,
  last_step INTEGER NOT NULL,
  last_unit INTEGER NOT NULL,
  UNIQUE (run, name)
) STRICT;

CREATE TABLE spike_part (
  population INTEGER NOT NULL REFERENCES population ON DELETE CASCADE,
  first_index INTEGER NOT NULL,
  spike_count INTEGER NOT NULL,
  first_step INTEGER NOT NULL,
  last_step INTEGER NOT NULL,
  first_ordinal INTEGER NOT NULL,
  PRIMARY KEY (population, first_index)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace engram::store
