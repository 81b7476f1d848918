#include "server/store/schema_2.h"

namespace engram::store {

// run_by_figures has every number of a run that a listing filters or sorts by:
// to go through it takes a third of what the rows take, and what a run changes
// in it stays where its neighbours' entries are.
const char kSchema2[] = R"sql(
CREATE INDEX run_by_figures ON run (experiment, point, state_time_us,
  start_time_us, end_time_us, attempt, seed, cpu_seconds, stored_bytes);
)sql";

}  // namespace engram::store
