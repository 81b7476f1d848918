// Every parameter of every component that the slots of these programs take,
// with values that nobody should write: refused with the place, or taken, and
// then the run starts, if it is a small one, or says what is wrong. No value
// breaks a promise, and the estimate of every run is a number.

#include <gtest/gtest.h>

#include <cmath>
#include <exception>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/spec/real_text.h"
#include "tests/core/programs/component_places.h"
#include "tests/core/programs/tried_values.h"
#include "tests/support/experiment_tree.h"
#include "tests/support/small_files.h"

namespace engram {
namespace {

// What is started; more than that is a question of patience.
constexpr int64_t kMostBytes = int64_t{64} << 20;
constexpr double kMostSeconds = 0.008;
constexpr int kTicks = 2;

const ComponentPlaces& Places() {
  static const ComponentPlaces places = FindComponentPlaces();
  return places;
}

// Files of tasks, and what stored networks read.
const Inputs& Files() {
  static const FakeInputs* const files = [] {
    auto* made = new FakeInputs(SmallFiles());
    Array<double> weights(8, 8);
    for (int64_t i = 0; i < 64; ++i) {
      weights[i] = static_cast<double>(i % 7) * 0.1;
    }
    made->Add("weights", weights);
    return made;
  }();
  return *files;
}

void ExpectReadable(const Faults& faults) {
  for (const Fault& fault : faults) {
    EXPECT_FALSE(fault.message.empty());
    EXPECT_TRUE(absl::StartsWith(fault.path, "experiment")) << fault.path;
  }
}

void ExpectPlaced(const Faults& faults, const ComponentPlace& place,
                  const std::string& parameter) {
  ExpectReadable(faults);
  bool is_placed = false;
  for (const Fault& fault : faults) {
    is_placed = is_placed || absl::StartsWith(fault.path, place.path) ||
                absl::StrContains(fault.message, parameter) ||
                absl::StrContains(fault.message, place.path) ||
                absl::StrContains(fault.message, "memory_limit");
  }
  EXPECT_TRUE(is_placed) << faults[0].path << ": " << faults[0].message;
}

bool IsModest(const Estimate& estimate) {
  EXPECT_TRUE(std::isfinite(estimate.seconds) && estimate.seconds >= 0);
  EXPECT_GE(estimate.memory_bytes, 0);
  EXPECT_GE(estimate.record_bytes, 0);
  EXPECT_GE(estimate.ticks, 0);
  return estimate.memory_bytes <= kMostBytes &&
         estimate.seconds <= kMostSeconds;
}

void ExpectReason(const absl::Status& status) {
  const bool is_known = absl::IsInvalidArgument(status) ||
                        absl::IsNotFound(status) || absl::IsOutOfRange(status);
  EXPECT_TRUE(is_known && !status.message().empty()) << status;
}

void Start(const Component& tree) {
  Parallel parallel(1);
  const auto execution = Execution::Make(tree, 1, {}, {parallel, Files()});
  if (!execution.ok()) return ExpectReason(execution.status());
  MemoryRecorder record;
  for (int i = 0; i < kTicks; ++i) {
    const auto progress = (*execution)->Advance(1, record, {});
    if (!progress.ok()) return ExpectReason(progress.status());
    if (progress->finished) return;
  }
}

void Try(const ComponentPlace& place, const ParameterSpec& parameter,
         const TriedValue& value) {
  Faults faults;
  YamlNode written = ParseYamlExpression(value.text, faults);
  ASSERT_TRUE(faults.empty());
  YamlNode tree = place.tree;
  NodeAt(tree, place.path)->Set(parameter.name, std::move(written), 0);
  const Component read = ReadWritten(tree, faults);
  if (!faults.empty()) return ExpectPlaced(faults, place, parameter.name);
  EXPECT_FALSE(value.is_wrong);
  if (IsModest(EstimateProgram(read))) Start(read);
}

void TryAll(const ComponentPlace& place) {
  const ScopedNumericEnvironment environment;
  for (const ParameterSpec& parameter : place.spec->parameters) {
    for (const TriedValue& value : ValuesToTry(parameter)) {
      SCOPED_TRACE(absl::StrCat(place.spec->type, ", ", place.path, ".",
                                parameter.name, ": ",
                                value.text.substr(0, 60)));
      try {
        Try(place, parameter, value);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    }
  }
}

// All numbers of a component at once at the same end of their ranges.
void TryEnds(const ComponentPlace& place, bool is_upper) {
  YamlNode tree = place.tree;
  YamlNode& node = *NodeAt(tree, place.path);
  for (const ParameterSpec& parameter : place.spec->parameters) {
    const auto& end = is_upper ? parameter.maximum : parameter.minimum;
    if (!end || parameter.list_rank > 0 || parameter.exclusive_minimum)
      continue;
    node.Set(parameter.name, YamlNode::Scalar(RealText(*end), 0), 0);
  }
  Faults faults;
  const Component read = ReadWritten(tree, faults);
  if (!faults.empty()) return ExpectReadable(faults);
  if (IsModest(EstimateProgram(read))) Start(read);
}

// In shares, so that sanitizers are done with each in time.
class BadValueShares : public testing::TestWithParam<int> {
 public:
  static constexpr int kShares = 8;
};

TEST_P(BadValueShares, AreRefusedWithTheirPlaceOrStart) {
  int number = 0;
  for (const auto& [type, place] : Places().found) {
    if (number++ % kShares == GetParam()) TryAll(place);
  }
}

TEST(BadValuesTest, AllAtTheirEndsAreRefusedOrHaveAnEstimate) {
  const ScopedNumericEnvironment environment;
  for (const auto& [type, place] : Places().found) {
    for (const bool is_upper : {false, true}) {
      SCOPED_TRACE(absl::StrCat(type, is_upper ? ", largest" : ", smallest"));
      try {
        TryEnds(place, is_upper);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(BadValues, BadValueShares,
                         testing::Range(0, BadValueShares::kShares));

// Else the test above would pass for want of places. Networks of other programs
// are left out by name.
TEST(ComponentPlacesTest, EveryTypeHasAPlace) {
  static const std::set<std::string> elsewhere = {
      "binary_network", "chain_network", "pattern_network"};
  for (const auto& [type, fault] : Places().missing) {
    EXPECT_TRUE(elsewhere.contains(type)) << type << ": " << fault;
  }
  EXPECT_GE(Places().found.size(), 218u);
}

}  // namespace
}  // namespace engram
