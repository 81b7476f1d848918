// What holds for every modulator of the catalog.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/find_row.h"
#include "core/spiking/catalog.h"
#include "tests/support/allocations.h"
#include "tests/support/experiment_tree.h"
#include "tests/support/state_copier.h"

namespace engram {
namespace {

constexpr int64_t kStretch = 8;  // of the network that listens
constexpr double kDt = 0.5;
constexpr int64_t kSourceUnits = 20;

// Of a type that needs more than defaults, what it needs.
std::string Needed(const std::string& type) {
  if (type == "pulsed_modulator") {
    return ", times: [0, 7.5, 7.5, 30], size: 0.2, tau: 12, baseline: 0.1";
  }
  if (type == "activity_modulator") {
    return ", of: exc, gain: 2, expected: 30 Hz, tau: 15";
  }
  return ", value: 0.25";
}

class EveryModulator : public testing::TestWithParam<std::string> {
 protected:
  const ModulatorRow& row() const { return RowOf(ModulatorRows(), GetParam()); }
  std::unique_ptr<Modulator> Make() const {
    return row().make(Tree("{type: " + GetParam() + Needed(GetParam()) + "}",
                           Kind::kModulator, "experiment.modulators.m"),
                      {.dt = kDt, .source_units = kSourceUnits, .seed = 1});
  }
};

// How many of the source fire at a step.
int64_t Heard(int64_t step) { return step * 7 % 5; }

// The stretch from `from` on, as a network has it: values first, then what was
// heard meanwhile.
void Advance(Modulator& m, int64_t from, std::span<double> values) {
  m.Fill(from, values);
  for (size_t k = 0; k < values.size(); ++k) {
    const int64_t step = from + static_cast<int64_t>(k);
    m.Listen(step, Heard(step));
  }
}

std::vector<double> Values(Modulator& m, int64_t from, int64_t to) {
  std::vector<double> all(static_cast<size_t>(to - from));
  for (int64_t step = from; step < to; step += kStretch) {
    Advance(m, step,
            std::span(all).subspan(static_cast<size_t>(step - from), kStretch));
  }
  return all;
}

TEST_P(EveryModulator, MeetsItsClosedForm) {
  // M at step k, by sums over all that came before.
  const std::map<std::string, std::function<double(int64_t)>> forms = {
      {"constant_modulator", [](int64_t) { return 0.25; }},
      {"pulsed_modulator",
       [](int64_t k) {
         double m = 0.1;
         for (const int64_t at : {0, 15, 15, 60}) {
           const auto since = static_cast<double>(k - at);
           if (since >= 0) m += 0.2 * std::exp(-since * kDt / 12);
         }
         return m;
       }},
      {"activity_modulator",
       [](int64_t k) {
         const double decay = std::exp(-kDt / 15);
         double rate = 0;  // as of the stretch's beginning
         for (int64_t step = 0; step < k / kStretch * kStretch; ++step) {
           const auto age =
               static_cast<double>(k / kStretch * kStretch - 1 - step);
           rate += std::pow(decay, age) * (1 - decay) *
                   static_cast<double>(Heard(step)) / (kDt * kSourceUnits);
         }
         return 2 * (rate - 0.03);
       }},
  };
  ASSERT_TRUE(forms.contains(GetParam())) << "give it its closed form here";
  const auto modulator = Make();
  const std::vector<double> values = Values(*modulator, 0, 25 * kStretch);
  for (size_t k = 0; k < values.size(); ++k) {
    ASSERT_NEAR(values[k], forms.at(GetParam())(static_cast<int64_t>(k)), 1e-12)
        << "at step " << k;
  }
}

TEST_P(EveryModulator, GoesOnWhereItWasSaved) {
  const auto whole = Make(), first = Make(), second = Make();
  const std::vector<double> expected = Values(*whole, 0, 20 * kStretch);
  Values(*first, 0, 9 * kStretch);
  StateCopier copier;
  first->VisitState("m", copier);
  copier.load = true;
  second->VisitState("m", copier);
  const std::vector<double> rest = Values(*second, 9 * kStretch, 20 * kStretch);
  EXPECT_EQ(rest, std::vector(expected.begin() + 9 * kStretch, expected.end()));
}

TEST_P(EveryModulator, NamesTheArraysOfItsRow) {
  StateCopier copier;
  Make()->VisitState("m", copier);
  std::vector<std::string> expected;
  for (const std::string& name : row().arrays) expected.push_back("m." + name);
  EXPECT_EQ(copier.paths, expected);
}

TEST_P(EveryModulator, AStepAllocatesNothing) {
  const auto modulator = Make();
  std::vector<double> values(kStretch);
  const int64_t before = AllocationCount();
  for (int64_t step = 0; step < 160; step += kStretch) {
    Advance(*modulator, step, values);
  }
  EXPECT_EQ(AllocationCount(), before);
}

TEST_P(EveryModulator, RefusesWhatItDoesNotHaveAndWhatIsOutOfRange) {
  Faults faults;
  ReadTree("{type: " + GetParam() + Needed(GetParam()) + ", valeu: 1}",
           Kind::kModulator, "experiment.modulators.m", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].message.find("has no parameter valeu"),
            std::string::npos);
  for (const ParameterSpec& parameter : row().spec.parameters) {
    if (!parameter.maximum || parameter.list_rank > 0) continue;
    faults.clear();
    std::string others;
    if (GetParam() == "pulsed_modulator") others = ", times: [0]";
    if (GetParam() == "activity_modulator") others = ", of: exc";
    ReadTree(absl::StrCat("{type: ", GetParam(), others, ", ", parameter.name,
                          ": ", 2 * *parameter.maximum, "}"),
             Kind::kModulator, "experiment.modulators.m", faults);
    ASSERT_EQ(faults.size(), 1u) << parameter.name;
    EXPECT_EQ(faults[0].path, "experiment.modulators.m." + parameter.name);
  }
}

std::vector<std::string> Types() {
  std::vector<std::string> types;
  for (const ModulatorRow& row : ModulatorRows()) {
    types.push_back(row.spec.type);
  }
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

INSTANTIATE_TEST_SUITE_P(Modulators, EveryModulator, testing::ValuesIn(Types()),
                         ParamName);

}  // namespace
}  // namespace engram
