#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "server/queue/run_inputs.h"
#include "server/rpc/parts.h"

namespace engram {

// What an experiment will need.
struct Forecast {
  double cpu_seconds = 0;    // of all runs
  double longest_run_s = 0;  // of one run, on one cpu
  int64_t memory_bytes = 0;  // of one run, the largest
  int64_t record_bytes = 0;  // of all runs, uncompressed
  int64_t ticks = 0;         // of one run, the most
  std::string tick_name;
  bool from_history = false;  // times are scaled by what runs have taken
};

// The program's own estimate at each point (at 500 of them, evenly spread, in
// larger sweeps), its times scaled by the median of measured over estimated
// time of the newest successful runs of the program on this server. What a run
// reads from outside its tree is added to its memory.
Forecast ForecastOf(const Experiment& experiment, const Parts& parts,
                    const std::vector<ExperimentInput>& inputs);

}  // namespace engram
