#pragma once

#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "server/queue/queue.h"
#include "server/store/claim_table.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"

namespace engram {

// An experiment on its way into the store: everything that is computed before
// its transaction.
struct NewExperiment {
  store::ExperimentRow row;
  std::vector<store::NewRun> runs;
  std::vector<store::ClaimRow> claims;
};

// Expands every point. Parameters that are the same in all of them become
// constants; the others vary.
NewExperiment Expand(const Submission& submission, const Experiment& experiment,
                     int64_t now_us);

}  // namespace engram
