// What holds for every neuron model and generator of the catalog.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/random.h"
#include "tests/core/spiking/neurons/cells.h"
#include "tests/support/allocations.h"
#include "tests/support/state_copier.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 150;
constexpr double kDt = 0.5;
constexpr int kSteps = 60;

std::vector<std::string> PopulationTypes() {
  std::vector<std::string> types;
  for (const PopulationRow& row : PopulationRows()) {
    types.push_back(row.spec.type);
  }
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

// Of a type that needs more than defaults, what it needs.
std::string Needed(const std::string& type) {
  if (type == "spike_times_generator") return ", times: [3, 8, 20], period: 21";
  if (type != "rate_pattern_generator") return "";
  std::string pattern = "90";
  for (int64_t k = 1; k < kUnits; ++k) pattern += ", 300";
  return ", duration: 4 ms, patterns: [[" + pattern + "], [" + pattern + "]]";
}

std::string Yaml(const std::string& type) {
  return "{type: " + type + ", units: " + std::to_string(kUnits) +
         Needed(type) + "}";
}

// What a population keeps fixed is named, too.
class Copier final : public StateCopier {
 public:
  void Fixed(absl::string_view path, StateArray array) override {
    paths.emplace_back(path);
    shapes.push_back(array.shape);
  }
};

// Strong random input that depends on the step alone.
template <class Real>
void Drive(CellsOf<Real>& cells, int64_t step) {
  const RandomStream random(7, "test", "drive");
  for (const Receptor& receptor :
       RowOf(PopulationRows(), cells.type()).receptors) {
    const double size = receptor.unit == "mV" || receptor.unit == "1" ? 20
                        : receptor.name == "current"                  ? 400
                        : receptor.name == "inhibitory"               ? 5
                                                                      : 60;
    cells.Give(receptor.name, size * random.Uniform(0, step));
  }
}

template <class Real>
std::vector<std::vector<int32_t>> Simulate(CellsOf<Real>& cells, int from,
                                           int to, int64_t block = 1 << 30) {
  std::vector<std::vector<int32_t>> fired;
  for (int step = from; step < to; ++step) {
    Drive(cells, step);
    fired.push_back(cells.Step(block));
  }
  return fired;
}

size_t CountOf(const std::vector<std::vector<int32_t>>& fired) {
  size_t count = 0;
  for (const auto& step : fired) count += step.size();
  return count;
}

class EveryPopulation : public testing::TestWithParam<std::string> {};

TEST_P(EveryPopulation, FiresUnderStrongInput) {
  Cells cells(Yaml(GetParam()), kDt);
  EXPECT_GT(CountOf(Simulate(cells, 0, 200)), 0u);
}

TEST_P(EveryPopulation, NamesTheArraysOfItsRow) {
  Cells cells(Yaml(GetParam()), kDt);
  Copier copier;
  cells.population().VisitState("cells", copier);
  std::vector<std::string> expected;
  for (const auto& name : RowOf(PopulationRows(), GetParam()).arrays) {
    expected.push_back("cells." + name);
  }
  EXPECT_EQ(copier.paths, expected);
  for (const auto& shape : copier.shapes) {
    EXPECT_EQ(shape, std::vector<int64_t>{kUnits});
  }
}

TEST_P(EveryPopulation, SameSeedGivesTheSameBitsInAnyBlocks) {
  Cells whole(Yaml(GetParam()), kDt), parts(Yaml(GetParam()), kDt);
  EXPECT_EQ(Simulate(whole, 0, kSteps), Simulate(parts, 0, kSteps, 64));
  Copier first, second;
  whole.population().VisitState("cells", first);
  parts.population().VisitState("cells", second);
  EXPECT_EQ(first.saved, second.saved);
}

// Where nothing ever arrives a population is given no array at all. Unlike
// initial values let the units do something meanwhile.
TEST_P(EveryPopulation, TakesNoInputAsInputOfZero) {
  const size_t receptors = RowOf(PopulationRows(), GetParam()).receptors.size();
  const std::vector<double> zeros(kUnits);
  const auto saved_after = [&](const double* input) {
    Cells cells(Yaml(GetParam()), kDt);
    Simulate(cells, 0, kSteps);
    const std::vector<const double*> inputs(receptors, input);
    std::vector<int32_t> spikes(kUnits);
    for (int64_t step = kSteps; step < 2 * kSteps; ++step) {
      cells.population().Step(step, 0, kUnits, inputs, spikes.data());
    }
    Copier copier;
    cells.population().VisitState("cells", copier);
    return copier.saved;
  };
  EXPECT_EQ(saved_after(nullptr), saved_after(zeros.data()));
}

TEST_P(EveryPopulation, GoesOnWhereItWasSaved) {
  Cells whole(Yaml(GetParam()), kDt), first(Yaml(GetParam()), kDt);
  Cells second(Yaml(GetParam()), kDt);
  const auto all = Simulate(whole, 0, kSteps);
  Simulate(first, 0, kSteps / 2);
  Copier copier;
  first.population().VisitState("cells", copier);
  copier.load = true;
  second.population().VisitState("cells", copier);
  second.SkipTo(kSteps / 2);
  const std::vector<std::vector<int32_t>> rest(all.begin() + kSteps / 2,
                                               all.end());
  EXPECT_EQ(Simulate(second, kSteps / 2, kSteps), rest);
}

TEST_P(EveryPopulation, SinglePrecisionFiresAboutAsOften) {
  Cells exact(Yaml(GetParam()), kDt);
  CellsOf<float> single(Yaml(GetParam()), kDt);
  const double many = static_cast<double>(CountOf(Simulate(exact, 0, 200)));
  // Units that are all alike fire together, so one spike more of each is
  // allowed, and a tenth.
  EXPECT_NEAR(static_cast<double>(CountOf(Simulate(single, 0, 200))), many,
              0.1 * many + kUnits);
}

TEST_P(EveryPopulation, AllocatesNothingInAStep) {
  Cells cells(Yaml(GetParam()), kDt);
  std::vector<int32_t> spikes(kUnits);
  const std::vector<double> zeros(kUnits);
  const std::vector<const double*> inputs(
      RowOf(PopulationRows(), GetParam()).receptors.size(), zeros.data());
  const int64_t before = AllocationCount();
  for (int64_t step = 0; step < kSteps; ++step) {
    cells.population().Step(step, 0, kUnits, inputs, spikes.data());
  }
  EXPECT_EQ(AllocationCount(), before);
}

INSTANTIATE_TEST_SUITE_P(Populations, EveryPopulation,
                         testing::ValuesIn(PopulationTypes()), ParamName);

}  // namespace
}  // namespace engram
