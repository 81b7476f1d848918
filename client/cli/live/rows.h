#pragma once

#include <string>
#include <vector>

#include "client/cli/live/board.h"
#include "client/cli/text/look.h"

namespace engram::cli {

// The series of that name; the first that has points for "". Null where the
// run has none.
const LiveSeries* ChooseSeries(const LiveRun& live, const std::string& metric);

// The series to show where none was asked for: the one over the run's own ticks
// that changes most for its size; of a run that has none over its ticks the
// first of the catalogue's order that changes. "" where none does.
std::string DefaultMetric(const Board& board);

// Paths of the parameters that vary, in the order of the axes, `seed` last.
std::vector<std::string> VaryingPaths(const Board& board);

// A header and a line a run.
std::string RunRows(const Board& board, const std::vector<const LiveRun*>& runs,
                    const std::string& metric, const Look& look);

// At most `count` runs that a watcher wants to see first: failed ones, those
// at work, those that ended last. In order of their points.
std::vector<const LiveRun*> MostInteresting(
    const std::vector<const LiveRun*>& runs, int count);

}  // namespace engram::cli
