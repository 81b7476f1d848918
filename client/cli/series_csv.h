#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/cli/files/records.h"

namespace engram::cli {

// Columns that say whose points they are: {"run", "k7m2/17"}, {"seed", "3"}.
using RunLabels = std::vector<std::pair<std::string, std::string>>;

struct SeriesOfRun {
  RunLabels labels;
  std::vector<ReadSeriesResult> series;
};

// "run", then each varying parameter by its path.
RunLabels Labels(const v1::Run& run);

// One line for each x of each run: the labels, a column for each kind of x
// ("trial", "ms"), a column for each series. Absent values are empty.
std::string SeriesCsv(const std::vector<SeriesOfRun>& runs);

// The points as the wire has them.
v1::ReadSeriesResponse ToMessage(const ReadSeriesResult& result);

}  // namespace engram::cli
