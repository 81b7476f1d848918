#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/spread.h"
#include "client/cli/text/grid.h"
#include "engram/v1/runs.pb.h"

namespace engram::cli {

// One run, or the runs that are equal but for the seed.
struct Compared {
  std::string name;  // "k7m2q9xw4p/17", "10 runs"
  int64_t run_count = 0;
  std::map<std::string, std::string> parameters;  // those that differ
  // By name; absent where no run has a value.
  std::map<std::string, std::optional<Spread>> results;
};

struct Comparison {
  bool grouped = false;                 // items are groups, not runs
  std::vector<std::string> parameters;  // paths, `seed` last
  std::vector<std::string> results;     // names, by name
  std::map<std::string, std::string> units;
  std::vector<Compared> items;
};

// Each run by itself. With `tree_json` every parameter is compared, without
// it those that vary within the experiment.
Comparison CompareRuns(const std::vector<v1::Run>& runs);

// Groups of runs whose parameters are equal but for the seed; results are of
// the runs that succeeded.
Comparison CompareGroups(const std::vector<v1::Run>& runs);

// A line an item: parameters first, then results.
Grid ComparisonGrid(const Comparison& comparison);

// As a table; up to six items stand side by side, a column each.
std::string ComparisonText(const Comparison& comparison, const Look& look);

// {"items": [{"name", "runCount", "parameters", "results"}]}.
std::string ComparisonJson(const Comparison& comparison);

}  // namespace engram::cli
