#include "server/store/schema_3.h"

namespace engram::store {

// experiment_input has the manifests of what the trees of an experiment name by
// digest: datasets and items of other runs' records. It names their chunks for
// as long as the experiment is there, whatever becomes of where they came from.
const char kSchema3[] = R"sql(
CREATE TABLE experiment_input (
  experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
  digest BLOB NOT NULL,
  name TEXT NOT NULL,
  byte_size INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  PRIMARY KEY (experiment, digest)
) STRICT;
ALTER TABLE experiment ADD COLUMN expected_seconds REAL NOT NULL DEFAULT 0;
)sql";

}  // namespace engram::store
