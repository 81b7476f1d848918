#include "server/store/schema_2.h"

namespace engram::store {

// run_by_figures has every number of a run that a listing filters or sorts by:
// to go through it takes a third of what the rows take, and what a run changes
// in it stays where its neighbours' entries are.
// A CHECK cannot be altered, so verification is made anew.
// worker.token_digest is SHA-256 in hex of the token that a worker shows: it
// outlives the server that made it, and the next one knows it.
const char kSchema2[] = R"sql(
CREATE INDEX run_by_figures ON run (experiment, point, state_time_us,
  start_time_us, end_time_us, attempt, seed, cpu_seconds, stored_bytes);

CREATE TABLE checkpoint (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  is_final INTEGER NOT NULL CHECK (is_final IN (0, 1)),
  tick INTEGER NOT NULL,
  item_count INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  build TEXT NOT NULL,
  time_us INTEGER NOT NULL,
  stood_still_us INTEGER NOT NULL,
  byte_size INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  PRIMARY KEY (run, is_final, tick)
) STRICT;

ALTER TABLE attempt ADD COLUMN resumed_tick INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN resumed_item INTEGER NOT NULL DEFAULT 0;

CREATE TABLE verification_new (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  number INTEGER NOT NULL,
  outcome TEXT NOT NULL
    CHECK (outcome IN ('pending', 'equal', 'close', 'different', 'failed')),
  difference TEXT NOT NULL,
  items_compared INTEGER NOT NULL,
  result_hash TEXT NOT NULL,
  build TEXT NOT NULL,
  current INTEGER NOT NULL CHECK (current IN (0, 1)),
  actor TEXT NOT NULL,
  create_time_us INTEGER NOT NULL,
  end_time_us INTEGER,
  comparison BLOB NOT NULL DEFAULT x'',
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
INSERT INTO verification_new SELECT run, number, outcome, difference,
  items_compared, result_hash, build, current, actor, create_time_us,
  end_time_us, x'' FROM verification;
DROP TABLE verification;
ALTER TABLE verification_new RENAME TO verification;
CREATE INDEX verification_pending ON verification (create_time_us)
  WHERE outcome = 'pending';
ALTER TABLE worker ADD COLUMN token_digest TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace engram::store
