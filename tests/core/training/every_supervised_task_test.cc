// What holds for every supervised task, and what each promises of its trials.

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "core/tasks/supervised/supervised_task.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

Stage StageOf(std::vector<int64_t> n) {
  Stage stage;
  stage.n = std::move(n);
  return stage;
}

// A batch as a task fills it.
struct Filled {
  Filled(const SupervisedTask& task, const Stage& stage, Part part,
         int64_t batch, int64_t samples) {
    const BatchLength length = task.Length(stage, part, batch);
    block.samples = samples;
    block.steps = length.steps;
    block.first_scored = length.first_scored;
    block.hold = length.hold;
    block.heads = stage.heads();
    Resize(task.shape().inputs, task.shape().outputs, block);
    for (int64_t k = 0; k < samples; ++k) {
      task.Fill(stage,
                {.part = part,
                 .number = batch * samples + k,
                 .batch = batch,
                 .sample = k},
                ViewOfTrial(block, k));
    }
  }
  double input(int64_t i, int64_t step, int64_t sample) const {
    return block.inputs(i, step * block.samples + sample);
  }
  TrainingBlock<double> block;
};

bool LearnsByHeart(const std::string& task) {
  return task == "random_patterns" || task == "target_spikes";
}

class EverySupervisedTask : public testing::TestWithParam<std::string> {
 protected:
  EverySupervisedTask()
      : component_(Tree("{type: " + GetParam() + "}", Kind::kSupervisedTask,
                        "experiment.task")),
        task_(MakeSupervisedTask(component_, 1)),
        stage_(task_->shape().largest_n > 0 ? StageOf({2, 3}) : StageOf({0})) {}

  const ScopedNumericEnvironment environment_;
  const Component component_;
  const std::unique_ptr<SupervisedTask> task_;
  const Stage stage_;
};

TEST_P(EverySupervisedTask, ShapeIsThatOfItsRow) {
  const TaskShape of_row = ShapeOfTask(component_);
  EXPECT_EQ(of_row.inputs, task_->shape().inputs);
  EXPECT_EQ(of_row.outputs, task_->shape().outputs);
  EXPECT_EQ(of_row.largest_n, task_->shape().largest_n);
}

TEST_P(EverySupervisedTask, TrialsAreAddressed) {
  const Filled once(*task_, stage_, Part::kTraining, 3, 16);
  const Filled again(*MakeSupervisedTask(component_, 1), stage_,
                     Part::kTraining, 3, 16);
  const std::vector<double> a(once.block.inputs.span().begin(),
                              once.block.inputs.span().end());
  const std::vector<double> b(again.block.inputs.span().begin(),
                              again.block.inputs.span().end());
  EXPECT_EQ(a, b);
  // Another number, another part and another seed give other trials.
  const Filled next(*task_, stage_, Part::kTraining, 4, 16);
  const Filled test(*task_, stage_, Part::kTest, 3, 16);
  const Filled other(*MakeSupervisedTask(component_, 2), stage_,
                     Part::kTraining, 3, 16);
  for (const Filled* filled : {&next, &test, &other}) {
    // One pattern alone is every trial.
    if (filled == &next && task_->trials(Part::kTraining) == 1) continue;
    // What is learned by heart is tested by the same patterns.
    if (filled == &test && LearnsByHeart(GetParam())) continue;
    const std::vector<double> c(filled->block.inputs.span().begin(),
                                filled->block.inputs.span().end());
    EXPECT_NE(a, c);
  }
}

TEST_P(EverySupervisedTask, AnswersAreWithinShapeAndSteps) {
  const TaskShape& shape = task_->shape();
  for (int64_t batch = 0; batch < 10; ++batch) {
    const Filled filled(*task_, stage_, Part::kTraining, batch, 16);
    const TrainingBlock<double>& block = filled.block;
    ASSERT_GE(block.first_scored, 0);
    ASSERT_LT(block.first_scored, block.steps);
    for (double x : block.inputs.span()) EXPECT_TRUE(std::isfinite(x));
    if (!shape.has_classes) continue;
    for (int64_t j = 0; j < block.scored_columns(); ++j) {
      for (int64_t head = 0; head < block.heads; ++head) {
        EXPECT_GE(block.labels(head, j), 0);
        EXPECT_LT(block.labels(head, j), shape.outputs);
      }
    }
  }
}

std::vector<std::string> Types() {
  std::vector<std::string> types;
  for (const SupervisedTaskRow& row : SupervisedTaskRows()) {
    // Those in files are tested in task_files_test.cc.
    if (row.make != nullptr) types.push_back(row.spec.type);
  }
  return types;
}

INSTANTIATE_TEST_SUITE_P(Tasks, EverySupervisedTask, testing::ValuesIn(Types()),
                         [](const testing::TestParamInfo<std::string>& of) {
                           return of.param;
                         });

std::unique_ptr<SupervisedTask> Task(const std::string& yaml) {
  return MakeSupervisedTask(Tree(yaml, Kind::kSupervisedTask, "task"), 5);
}

// Share of label 1 of each readout, over many trials.
std::vector<double> ShareOfOnes(const SupervisedTask& task, const Stage& stage,
                                int64_t batches, int64_t samples) {
  std::vector<double> ones(stage.n.size());
  for (int64_t batch = 0; batch < batches; ++batch) {
    const Filled filled(task, stage, Part::kTraining, batch, samples);
    for (size_t head = 0; head < ones.size(); ++head) {
      for (int64_t j = 0; j < samples; ++j) {
        ones[head] += filled.block.labels(static_cast<int64_t>(head), j);
      }
    }
  }
  for (double& share : ones) share /= static_cast<double>(batches * samples);
  return ones;
}

// A sequence draws its own share of ones p, so P(odd) = (1 - (1 - 2p)^n) / 2
// has the mean (1 - 1/(n + 1)) / 2 for even n, and 1/2 for odd n. Of 40,000
// trials a share scatters by 0.0025; five times that is 0.0125.
TEST(NParityTest, EvenNumbersAreTheRarerTheSmallerNIs) {
  const ScopedNumericEnvironment environment;
  const Stage stage = StageOf({2, 3, 4, 5, 10});
  const std::vector<double> shares =
      ShareOfOnes(*Task("{type: n_parity}"), stage, 40, 1000);
  for (size_t head = 0; head < shares.size(); ++head) {
    const double n = static_cast<double>(stage.n[head]);
    const double wanted =
        stage.n[head] % 2 == 0 ? 0.5 * (1 - 1 / (n + 1)) : 0.5;
    EXPECT_NEAR(shares[head], wanted, 0.0125) << stage.n[head];
  }
}

// Of 2e5 sequences a share scatters by 0.0011. With one p for all, or p = 1/2,
// even n would have one half as well.
TEST(NParityTest, SharesOfTwoHundredThousandSequencesAreThoseOfDrawnChances) {
  const ScopedNumericEnvironment environment;
  const std::vector<double> shares =
      ShareOfOnes(*Task("{type: n_parity}"), StageOf({2, 5, 10}), 40, 5000);
  EXPECT_NEAR(shares[0], 1.0 / 3, 0.004);
  EXPECT_NEAR(shares[1], 0.5, 0.004);
  EXPECT_NEAR(shares[2], 0.5 * (1 - 1.0 / 11), 0.004);
}

TEST(NParityTest, InContinuousTimeBitsLast) {
  const ScopedNumericEnvironment environment;
  const auto task = Task("{type: n_parity, hold_low: 3, hold_high: 5}");
  const Stage stage = StageOf({4});
  std::set<int64_t> holds;
  for (int64_t batch = 0; batch < 40; ++batch) {
    const BatchLength length = task->Length(stage, Part::kTraining, batch);
    EXPECT_EQ(length.steps % length.hold, 0);
    EXPECT_GE(length.steps / length.hold, 6);
    EXPECT_LE(length.steps / length.hold, 17);
    holds.insert(length.hold);
  }
  EXPECT_EQ(holds, std::set<int64_t>({3, 4, 5}));
  const Filled filled(*task, stage, Part::kTraining, 1, 20);
  const int64_t hold = filled.block.hold, steps = filled.block.steps;
  for (int64_t k = 0; k < 20; ++k) {
    int sum = 0;
    for (int64_t step = 0; step < steps; ++step) {
      EXPECT_EQ(filled.input(0, step, k),
                filled.input(0, step / hold * hold, k));
      if (step >= steps - 4 * hold && step % hold == 0) {
        sum += static_cast<int>(filled.input(0, step, k));
      }
    }
    EXPECT_EQ(filled.block.labels(0, k), sum % 2);
  }
}

TEST(NParityTest, FairBitsGiveFairLabels) {
  const ScopedNumericEnvironment environment;
  const std::vector<double> shares = ShareOfOnes(
      *Task("{type: n_parity, share: half}"), StageOf({2, 5}), 40, 1000);
  for (double share : shares) EXPECT_NEAR(share, 0.5, 0.0125);
}

TEST(NParityTest, LabelsAreTheParityOfTheLastBits) {
  const ScopedNumericEnvironment environment;
  const auto task = Task("{type: n_parity}");
  const Stage stage = StageOf({2, 3, 7});
  const Filled filled(*task, stage, Part::kTraining, 0, 50);
  for (int64_t k = 0; k < 50; ++k) {
    for (int64_t head = 0; head < 3; ++head) {
      int sum = 0;
      for (int64_t back = 0; back < stage.n[static_cast<size_t>(head)];
           ++back) {
        sum +=
            static_cast<int>(filled.input(0, filled.block.steps - 1 - back, k));
      }
      EXPECT_EQ(filled.block.labels(head, k), sum % 2);
    }
  }
}

// n = 2 compares the last two bits.
TEST(NDmsTest, ComparesTheLastBitWithTheOneNMinusOneBefore) {
  const ScopedNumericEnvironment environment;
  const auto task = Task("{type: n_dms, low: -1}");
  const Stage stage = StageOf({2, 5});
  const Filled filled(*task, stage, Part::kTest, 0, 200);
  const int64_t last = filled.block.steps - 1;
  for (int64_t k = 0; k < 200; ++k) {
    EXPECT_EQ(filled.block.labels(0, k),
              filled.input(0, last, k) == filled.input(0, last - 1, k));
    EXPECT_EQ(filled.block.labels(1, k),
              filled.input(0, last, k) == filled.input(0, last - 4, k));
    EXPECT_EQ(std::abs(filled.input(0, 0, k)), 1);
  }
  const std::vector<double> shares = ShareOfOnes(*task, stage, 40, 1000);
  for (double share : shares) EXPECT_NEAR(share, 0.5, 0.0125);
}

// M uniform on [n + 2, 4 n + 1]: 3 n values of mean n + 2 + (3 n - 1) / 2 and
// standard deviation sqrt((9 n^2 - 1) / 12); five standard errors of 4000.
TEST(NParityTest, LengthsAreUniformAndOfTheLargestN) {
  const ScopedNumericEnvironment environment;
  const auto task = Task("{type: n_parity}");
  const Stage stage = StageOf({2, 6});
  std::set<int64_t> seen;
  double sum = 0;
  for (int64_t batch = 0; batch < 4000; ++batch) {
    const BatchLength length = task->Length(stage, Part::kTraining, batch);
    EXPECT_EQ(length.first_scored, length.steps - 1);
    seen.insert(length.steps);
    sum += static_cast<double>(length.steps);
  }
  EXPECT_EQ(*seen.begin(), 8);
  EXPECT_EQ(*seen.rbegin(), 25);
  EXPECT_EQ(seen.size(), 18u);
  EXPECT_NEAR(sum / 4000, 8 + 17 / 2.0,
              5 * std::sqrt((9 * 36 - 1) / 12.0 / 4000));
}

TEST(AddingTest, TargetIsTheSumOfOneMarkedNumberOfEachHalf) {
  const ScopedNumericEnvironment environment;
  const auto task = Task("{type: adding, steps: 11}");
  const Filled filled(*task, StageOf({0}), Part::kTraining, 0, 500);
  double error = 0;
  for (int64_t k = 0; k < 500; ++k) {
    double sum = 0;
    int marks[2] = {0, 0};
    for (int64_t t = 0; t < 11; ++t) {
      sum += filled.input(0, t, k) * filled.input(1, t, k);
      if (filled.input(1, t, k) == 1) ++marks[t < 5 ? 0 : 1];
    }
    EXPECT_EQ(marks[0], 1);
    EXPECT_EQ(marks[1], 1);
    EXPECT_DOUBLE_EQ(filled.block.targets(0, k), sum);
    error += (sum - 1) * (sum - 1);
  }
  // Who always says 1 has the variance of a sum of two uniform numbers, 1/6;
  // the square's standard deviation is sqrt(1/15 - 1/36) = 0.197.
  EXPECT_NEAR(error / 500, 1.0 / 6, 5 * 0.197 / std::sqrt(500.0));
}

TEST(DelayedRecallTest, SymbolsComeBlanksGoAndSymbolsAreAskedFor) {
  const ScopedNumericEnvironment environment;
  const auto task = Task("{type: delayed_recall, delay: 5}");
  const Filled filled(*task, StageOf({0}), Part::kTraining, 0, 100);
  const TrainingBlock<double>& block = filled.block;
  EXPECT_EQ(block.steps, 12);
  EXPECT_EQ(block.first_scored, 9);
  std::set<int32_t> symbols;
  for (int64_t k = 0; k < 100; ++k) {
    for (int64_t t = 0; t < 12; ++t) {
      double sum = 0;
      for (int64_t i = 0; i < 6; ++i) sum += filled.input(i, t, k);
      EXPECT_EQ(sum, 1);
      EXPECT_EQ(filled.input(5, t, k), t == 8);
      EXPECT_EQ(filled.input(4, t, k), (t >= 3 && t < 8) || t >= 9);
    }
    for (int64_t item = 0; item < 3; ++item) {
      const int32_t label = block.labels(0, item * 100 + k);
      EXPECT_EQ(filled.input(label, item, k), 1);
      symbols.insert(label);
    }
  }
  EXPECT_EQ(symbols.size(), 4u);
}

TEST(SequentialDigitsTest, RowsAndPixelsShowTheSameFieldOfEveryDigit) {
  const ScopedNumericEnvironment environment;
  const auto rows = Task("{type: sequential_digits}");
  const auto pixels = Task("{type: sequential_digits, by: pixels}");
  EXPECT_EQ(rows->trials(Part::kTraining), 5000);
  EXPECT_EQ(rows->trials(Part::kTest), 1000);
  const Filled a(*rows, StageOf({0}), Part::kTest, 0, 200);
  const Filled b(*pixels, StageOf({0}), Part::kTest, 0, 200);
  EXPECT_EQ(a.block.steps, 10);
  EXPECT_EQ(b.block.steps, 100);
  std::set<int32_t> digits;
  double ink = 0;
  for (int64_t k = 0; k < 200; ++k) {
    EXPECT_EQ(a.block.labels(0, k), b.block.labels(0, k));
    digits.insert(a.block.labels(0, k));
    for (int64_t pixel = 0; pixel < 100; ++pixel) {
      const double x = a.input(pixel % 10, pixel / 10, k);
      EXPECT_EQ(x, b.input(0, pixel, k));
      EXPECT_GE(x, 0);
      EXPECT_LE(x, 1);
      ink += x > 0.45 ? 1 : 0;
    }
  }
  EXPECT_EQ(digits.size(), 10u);
  // Glyphs have 14.7 pixels of ink in the mean, and 2 % of the others flip: at
  // 16.4 of a field, glyphs scatter by 3, so 200 by 0.2; five times that, and
  // noise that carries a dim pixel over the bound.
  EXPECT_NEAR(ink / 200, 16.2, 1.5);
}

TEST(GrammarTest, WordsFollowTheTableOfTheLanguage) {
  const ScopedNumericEnvironment environment;
  const auto task =
      Task("{type: grammar, streams: 1, steps: 10000, test_words: 10001}");
  std::vector<int64_t> text;
  for (int64_t piece = 0; piece < 4; ++piece) {
    const Filled filled(*task, StageOf({0}), Part::kTraining, piece, 1);
    for (int64_t t = 0; t < filled.block.steps; ++t) {
      // Each piece goes on where the one before it has ended.
      if (!text.empty()) {
        EXPECT_EQ(filled.input(text.back(), t, 0), 1);
      }
      text.push_back(filled.block.labels(0, t));
    }
  }
  std::vector<double> counts(208);
  std::set<std::pair<int64_t, int64_t>> classes;
  int64_t open = -1, since = 0;
  for (size_t t = 0; t < text.size(); ++t) {
    counts[static_cast<size_t>(text[t])] += 1;
    ++since;
    if (text[t] >= 204) {
      // Closes what was opened, after 5 to 10 further words; a text may begin
      // within a bracket.
      EXPECT_EQ(text[t] - 204, open);
      EXPECT_GE(since, 6);
      EXPECT_LE(since, 11);
      open = -1;
    } else if (text[t] >= 200) {
      EXPECT_EQ(open, -1);
      open = text[t] - 200;
      since = 0;
    } else if (t > 0 && text[t - 1] < 200) {
      classes.insert({text[t - 1] / 20, text[t] / 20});
    }
  }
  for (int64_t c = 0; c < 10; ++c) {
    EXPECT_LE(std::ranges::count_if(
                  classes, [c](const auto& pair) { return pair.first == c; }),
              3);
  }
  double entropy = 0;
  for (double count : counts) {
    const double p = count / static_cast<double>(text.size());
    if (p > 0) entropy -= p * std::log(p);
  }
  // Ten classes and 1 / rank: exp of the entropy is at most 105 for words and
  // lower the more unequal the classes are; brackets add some.
  EXPECT_GT(std::exp(entropy), 60);
  EXPECT_LT(std::exp(entropy), 120);
  // Ranks fall as 1 / rank in every class: with n words of rank 2 the ratio
  // scatters by 2 sqrt(1.5 / n), 0.12 at 400; four times that.
  for (size_t c = 0; c < 10; ++c) {
    if (counts[20 * c + 1] < 400) continue;
    EXPECT_NEAR(counts[20 * c] / counts[20 * c + 1], 2, 0.5);
  }
}

TEST(GrammarTest, StreamsMustBeTheBatchAndLongEnough) {
  Faults faults;
  ReadTree(
      "{type: supervised_training, batch: 64, network: {type: lstm}, task: "
      "{type: grammar, training_words: 600}}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_NE(faults[0].message.find("take at least 701"), std::string::npos);
  EXPECT_NE(faults[1].message.find("make them equal"), std::string::npos);
}

}  // namespace
}  // namespace engram
