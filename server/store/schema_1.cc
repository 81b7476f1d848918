#include "server/store/schema_1.h"

namespace engram::store {

// migrations.cc names them.
extern const char kSchema1[];
extern const char kBlobSchema1[];

// README.md explains every column. Columns that may be long stand last, so
// that a listing does not walk over their pages.
const char kSchema1[] = R"sql(
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  user TEXT NOT NULL,
  experiment_hash TEXT NOT NULL,
  run_count INTEGER NOT NULL,
  create_time_us INTEGER NOT NULL,
  end_time_us INTEGER,
  etag TEXT NOT NULL,
  priority INTEGER NOT NULL,
  urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  cpus INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  time_us INTEGER NOT NULL,
  preset TEXT NOT NULL,
  after TEXT NOT NULL,
  axes TEXT NOT NULL,
  record BLOB NOT NULL,
  notes TEXT NOT NULL,
  text TEXT NOT NULL,
  canonical_json TEXT NOT NULL
) STRICT;
CREATE INDEX experiment_by_user ON experiment (user);
CREATE INDEX experiment_by_create_time ON experiment (create_time_us);
CREATE INDEX experiment_by_hash ON experiment (experiment_hash);
CREATE INDEX experiment_open ON experiment (key) WHERE end_time_us IS NULL;

CREATE TABLE experiment_tag (
  experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (experiment, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX experiment_by_tag ON experiment_tag (tag, experiment);

CREATE TABLE value_name (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('parameter', 'summary')),
  UNIQUE (name, kind)
) STRICT;

CREATE TABLE experiment_value (
  experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
  name INTEGER NOT NULL REFERENCES value_name,
  value ANY NOT NULL,
  PRIMARY KEY (experiment, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX experiment_by_value ON experiment_value (name, value, experiment);

CREATE TABLE run (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
  point INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('queued', 'starting', 'running', 'cancelling',
     'succeeded', 'failed', 'cancelled', 'timed_out')),
  state_actor TEXT NOT NULL,
  state_reason TEXT NOT NULL,
  state_time_us INTEGER NOT NULL,
  start_time_us INTEGER,
  end_time_us INTEGER,
  attempt INTEGER NOT NULL DEFAULT 0,
  fencing_token INTEGER NOT NULL DEFAULT 0,
  stored_ordinal INTEGER NOT NULL DEFAULT 0,
  seed INTEGER NOT NULL,
  run_hash TEXT NOT NULL,
  result_hash TEXT NOT NULL DEFAULT '',
  build TEXT NOT NULL DEFAULT '',
  worker TEXT NOT NULL DEFAULT '',
  error_reason TEXT NOT NULL DEFAULT '',
  error_message TEXT NOT NULL DEFAULT '',
  cpus INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  time_us INTEGER NOT NULL,
  cpu_seconds REAL NOT NULL DEFAULT 0,
  wall_time_us INTEGER NOT NULL DEFAULT 0,
  stored_bytes INTEGER NOT NULL DEFAULT 0,
  tick INTEGER NOT NULL DEFAULT 0,
  tick_total INTEGER NOT NULL DEFAULT 0,
  tick_name TEXT NOT NULL DEFAULT '',
  tree BLOB NOT NULL
) STRICT;
CREATE INDEX run_by_token ON run (fencing_token);
CREATE UNIQUE INDEX run_by_point ON run (experiment DESC, point);
CREATE INDEX run_by_state ON run (state, experiment);
CREATE INDEX run_by_end ON run (end_time_us) WHERE end_time_us IS NOT NULL;

CREATE TABLE run_value (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  name INTEGER NOT NULL REFERENCES value_name,
  value ANY,
  unit TEXT NOT NULL,
  absent_reason TEXT NOT NULL,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_by_value ON run_value (name, value, run);

CREATE TABLE transition (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  time_us INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  PRIMARY KEY (run, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  number INTEGER NOT NULL,
  worker TEXT NOT NULL,
  host TEXT NOT NULL,
  build TEXT NOT NULL,
  fencing_token INTEGER NOT NULL,
  start_time_us INTEGER NOT NULL,
  end_time_us INTEGER,
  end_state TEXT NOT NULL,
  error_reason TEXT NOT NULL,
  error_message TEXT NOT NULL,
  cpu_seconds REAL NOT NULL,
  peak_memory_bytes INTEGER NOT NULL,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_by_token ON attempt (fencing_token);

CREATE TABLE series (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  x TEXT NOT NULL,
  x_unit TEXT NOT NULL,
  point_count INTEGER NOT NULL,
  last_x REAL NOT NULL,
  last_value REAL NOT NULL,
  last_absent_reason TEXT NOT NULL,
  UNIQUE (run, name)
) STRICT;

CREATE TABLE series_chunk (
  key INTEGER PRIMARY KEY,
  series INTEGER NOT NULL REFERENCES series ON DELETE CASCADE,
  first_index INTEGER NOT NULL,
  point_count INTEGER NOT NULL,
  x_min REAL NOT NULL,
  x_max REAL NOT NULL,
  points BLOB NOT NULL,
  UNIQUE (series, first_index)
) STRICT;

CREATE TABLE array (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  path TEXT NOT NULL,
  step INTEGER NOT NULL,
  byte_size INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  PRIMARY KEY (run, path, step)
) STRICT;

CREATE TABLE item_chunk (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  first_ordinal INTEGER NOT NULL,
  item_count INTEGER NOT NULL,
  items BLOB NOT NULL,
  PRIMARY KEY (run, first_ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_line (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  number INTEGER NOT NULL,
  time_us INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'warning')),
  text TEXT NOT NULL,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  time_us INTEGER NOT NULL,
  experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
  run INTEGER REFERENCES run ON DELETE CASCADE,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX event_by_experiment ON event (experiment, sequence);
CREATE INDEX event_by_run ON event (run);

CREATE TABLE claim (
  experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
  number INTEGER NOT NULL,
  subject TEXT NOT NULL,
  expect TEXT NOT NULL,
  outcome TEXT NOT NULL
    CHECK (outcome IN ('pending', 'holds', 'fails', 'undecided')),
  measured REAL,
  run_count INTEGER NOT NULL,
  reason TEXT NOT NULL,
  definition BLOB NOT NULL,
  PRIMARY KEY (experiment, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE verification (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  number INTEGER NOT NULL,
  outcome TEXT NOT NULL
    CHECK (outcome IN ('pending', 'equal', 'different', 'failed')),
  difference TEXT NOT NULL,
  items_compared INTEGER NOT NULL,
  result_hash TEXT NOT NULL,
  build TEXT NOT NULL,
  current INTEGER NOT NULL CHECK (current IN (0, 1)),
  actor TEXT NOT NULL,
  create_time_us INTEGER NOT NULL,
  end_time_us INTEGER,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX verification_pending ON verification (create_time_us)
  WHERE outcome = 'pending';

CREATE TABLE user (
  name TEXT PRIMARY KEY,
  create_time_us INTEGER NOT NULL,
  queued_runs INTEGER NOT NULL,
  running_runs INTEGER NOT NULL,
  cpu_hours REAL NOT NULL,
  stored_bytes INTEGER NOT NULL,
  etag TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE usage (
  user TEXT PRIMARY KEY,
  cpu_seconds REAL NOT NULL,
  as_of_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL,
  scope TEXT NOT NULL
    CHECK (scope IN ('viewer', 'submitter', 'admin', 'worker')),
  label TEXT NOT NULL,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  create_time_us INTEGER NOT NULL,
  expire_time_us INTEGER,
  revoke_time_us INTEGER,
  last_use_time_us INTEGER
) STRICT;

CREATE TABLE request (
  user TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  request_sha256 BLOB NOT NULL CHECK (length(request_sha256) = 32),
  create_time_us INTEGER NOT NULL,
  response BLOB NOT NULL,
  PRIMARY KEY (user, request_id)
) STRICT;
CREATE INDEX request_by_create_time ON request (create_time_us);

CREATE TABLE audit (
  key INTEGER PRIMARY KEY,
  time_us INTEGER NOT NULL,
  user TEXT NOT NULL,
  token TEXT NOT NULL,
  method TEXT NOT NULL,
  target TEXT NOT NULL,
  request_id TEXT NOT NULL,
  peer TEXT NOT NULL,
  outcome TEXT NOT NULL
) STRICT;

CREATE TABLE worker (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  build TEXT NOT NULL,
  cpus INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  connect_time_us INTEGER NOT NULL,
  end_time_us INTEGER,
  stored_event INTEGER NOT NULL
) STRICT;
CREATE INDEX worker_live ON worker (number) WHERE end_time_us IS NULL;

CREATE TABLE build (
  id TEXT PRIMARY KEY,
  first_seen_us INTEGER NOT NULL,
  byte_size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dataset (
  name TEXT PRIMARY KEY,
  format TEXT NOT NULL CHECK (format IN ('npy', 'csv', 'idx', 'raw')),
  user TEXT NOT NULL,
  byte_size INTEGER NOT NULL,
  create_time_us INTEGER NOT NULL,
  manifest BLOB NOT NULL
) STRICT;

CREATE TABLE dataset_use (
  dataset TEXT NOT NULL REFERENCES dataset,
  experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
  PRIMARY KEY (dataset, experiment)
) STRICT, WITHOUT ROWID;
CREATE INDEX dataset_use_by_experiment ON dataset_use (experiment);
)sql";

const char kBlobSchema1[] = R"sql(
CREATE TABLE chunk (
  key INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  compressed INTEGER NOT NULL CHECK (compressed IN (0, 1)),
  byte_size INTEGER NOT NULL,
  create_time_us INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
)sql";

}  // namespace engram::store
