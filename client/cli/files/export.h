#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/wire/client.h"

namespace engram::cli {

struct Exported {
  v1::Experiment experiment;
  std::vector<v1::Run> runs;
};

// A line a run: its name, state, what varies, what was found.
std::string SummaryCsv(const Exported& exported);

absl::Status WriteSummaryCsv(const Exported& exported, const std::string& file);

// One archive of NPY files: "varying/<path>" and "summary/<name>" over all
// runs, "<point>/series/<name>/x", ".../values", "<point>/arrays/<path>@step",
// "<point>/spikes/<population>" (time [ms] and unit of each),
// "<point>/state@final" (the bytes of a run's final state).
absl::Status WriteNpz(Client& client, const Exported& exported,
                      const std::string& file);

// The experiment's text and JSON, runs.csv, claims.csv, metrics.csv, and
// run-<point>.npz for every run.
absl::Status WriteFolder(Client& client, const Exported& exported,
                         const std::string& folder);

}  // namespace engram::cli
