// What holds for every task of the catalog.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/tasks/catalog.h"
#include "tests/support/allocations.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 120;

std::vector<std::string> TaskTypes() {
  std::vector<std::string> types;
  for (const TaskRow& row : TaskRows()) types.push_back(row.spec.type);
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

class EveryTask : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<SequenceTask> Make(uint64_t seed = 1) const {
    return MakeTask(
        Tree("{type: " + GetParam() + "}", Kind::kTask, "experiment.task"),
        seed, kUnits, 1.0);
  }
};

std::vector<double> AllInputs(const SequenceTask& task) {
  std::vector<double> all, input(kUnits);
  for (int64_t step = 0; step < task.trial_steps(); step += 7) {
    task.TrialInput(step, input);
    all.insert(all.end(), input.begin(), input.end());
  }
  for (int64_t step = 0; step < task.recall_steps(); step += 7) {
    task.RecallInput(step, input);
    all.insert(all.end(), input.begin(), input.end());
  }
  return all;
}

TEST_P(EveryTask, SameSeedSameInputs) {
  EXPECT_EQ(AllInputs(*Make(3)), AllInputs(*Make(3)));
  EXPECT_NE(AllInputs(*Make(3)), AllInputs(*Make(4)));
}

TEST_P(EveryTask, ItemsAreOfOneSizeAndWithinTheNetwork) {
  const std::unique_ptr<SequenceTask> task = Make();
  std::set<int64_t> seen;
  for (int64_t k = 0; k < task->items(); ++k) {
    EXPECT_EQ(task->units_of(k).size(), task->units_of(0).size());
    seen.clear();
    for (int64_t unit : task->units_of(k)) {
      EXPECT_TRUE(seen.insert(unit).second);
      EXPECT_TRUE(unit >= 0 && unit < kUnits);
    }
  }
}

TEST_P(EveryTask, InputAllocatesNothing) {
  const std::unique_ptr<SequenceTask> task = Make();
  std::vector<double> input(kUnits);
  const int64_t before = AllocationCount();
  for (int64_t step = 0; step < 50; ++step) {
    task->TrialInput(step, input);
    task->RecallInput(step, input);
  }
  EXPECT_EQ(AllocationCount(), before);
}

TEST_P(EveryTask, RefusesUnknownParameters) {
  Faults faults;
  ReadTree("{type: " + GetParam() + ", no_such_thing: 1}", Kind::kTask,
           "experiment.task", faults);
  EXPECT_EQ(faults.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Tasks, EveryTask, testing::ValuesIn(TaskTypes()),
                         ParamName);

}  // namespace
}  // namespace engram
