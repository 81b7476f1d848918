// Runs every point of every preset and holds its claims: seconds each, so it is
// a binary of its own, labelled slow.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/claim.h"
#include "tests/core/presets/parsed_preset.h"

namespace engram {
namespace {

// What a run leaves for claims: last points of series, and summary values,
// which count where both have a name.
std::map<std::string, std::optional<double>> ValuesOf(const FinishedRun& run) {
  std::map<std::string, std::optional<double>> values;
  const auto number = [](const Measured& m) {
    return m.is_absent() ? std::nullopt : std::optional(m.value());
  };
  for (const auto& [name, series] : run.record.series) {
    values[name] = number(series.points.back().second);
  }
  for (const auto& [name, entry] : run.record.summary) {
    values[name] = number(entry.value);
  }
  return values;
}

class PresetClaims : public testing::TestWithParam<std::string> {};

TEST_P(PresetClaims, Hold) {
  const Experiment experiment = ParsedPreset(GetParam());
  if (IsLong(experiment) && std::getenv("ENGRAM_LONG") == nullptr) {
    GTEST_SKIP() << "takes minutes of a processor: set ENGRAM_LONG=1";
  }
  std::vector<RunOutcome> runs;
  for (int64_t i = 0; i < experiment.run_count(); ++i) {
    const Point point = experiment.At(i);
    runs.push_back(
        {point.varying, true, ValuesOf(*RunTree(point.tree, point.seed))});
  }
  for (const Claim& claim : experiment.claims()) {
    const ClaimResult result = Evaluate(claim, runs);
    EXPECT_EQ(result.outcome, Outcome::kHolds)
        << claim.that << ": expected " << ExpectText(claim) << ", measured "
        << (result.measured ? std::to_string(*result.measured) : result.reason);
    RecordProperty(claim.that, result.measured
                                   ? std::to_string(*result.measured)
                                   : result.reason);
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, PresetClaims,
                         testing::ValuesIn(PresetNames()), ParamName);

}  // namespace
}  // namespace engram
