// Tasks in uploaded files: what they show of them, and what they refuse.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "core/programs/builtin.h"
#include "core/programs/state_array.h"
#include "core/spec/experiment.h"
#include "core/tasks/supervised/supervised_task.h"
#include "tests/core/training/training_fixture.h"
#include "tests/support/small_files.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

absl::StatusOr<std::unique_ptr<SupervisedTask>> Read(
    const std::string& yaml, const Inputs& files = SmallFiles()) {
  return ReadSupervisedTask(
      Tree(yaml, Kind::kSupervisedTask, "experiment.task", NamesAreDigests()),
      1, files);
}

// Why a task is refused.
std::string Refusal(const std::string& yaml, const Inputs& files) {
  return std::string(Read(yaml, files).status().message());
}

TrainingBlock<double> Filled(const SupervisedTask& task, Part part,
                             int64_t batch, int64_t samples) {
  TrainingBlock<double> block;
  const BatchLength length = task.Length({}, part, batch);
  block.samples = samples;
  block.steps = length.steps;
  block.first_scored = length.first_scored;
  Resize(task.shape().inputs, task.shape().outputs, block);
  for (int64_t k = 0; k < samples; ++k) {
    task.Fill({},
              {.part = part,
               .number = batch * samples + k,
               .batch = batch,
               .sample = k},
              ViewOfTrial(block, k));
  }
  return block;
}

TEST(MnistTest, ShowsPixelsRowByRowOrOneByOne) {
  const ScopedNumericEnvironment environment;
  const auto rows = Read(SmallMnist(", by: rows"));
  const auto pixels = Read(SmallMnist());
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_TRUE(pixels.ok()) << pixels.status();
  EXPECT_EQ((*rows)->trials(Part::kTraining), 30);
  EXPECT_EQ((*rows)->trials(Part::kTest), 9);
  const TrainingBlock<double> a = Filled(**rows, Part::kTest, 1, 4);
  const TrainingBlock<double> b = Filled(**pixels, Part::kTest, 1, 4);
  EXPECT_EQ(a.steps, 4);
  EXPECT_EQ(a.inputs.rows(), 3);
  EXPECT_EQ(b.steps, 12);
  EXPECT_EQ(b.inputs.rows(), 1);
  const std::string bytes = SmallImages(9);
  for (int64_t k = 0; k < 4; ++k) {
    EXPECT_EQ(a.labels(0, k), (4 + k) % 3);
    EXPECT_EQ(b.labels(0, k), (4 + k) % 3);
    for (int64_t pixel = 0; pixel < 12; ++pixel) {
      const double byte = static_cast<uint8_t>(
          bytes[static_cast<size_t>(12 * (4 + k) + pixel)]);
      EXPECT_EQ(a.inputs(pixel % 3, 4 * (pixel / 3) + k), byte / 255);
      EXPECT_EQ(b.inputs(0, 4 * pixel + k), byte / 255);
    }
  }
}

TEST(MnistTest, ReadsImagesWhoseColumnsAreContiguous) {
  const ScopedNumericEnvironment environment;
  FakeInputs files = SmallFiles();
  const std::string bytes = SmallImages(9);
  std::string turned(bytes.size(), '\0');
  for (size_t i = 0; i < 9; ++i) {
    for (size_t row = 0; row < 4; ++row) {
      for (size_t col = 0; col < 3; ++col) {
        turned[i + 9 * (row + 4 * col)] = bytes[12 * i + 3 * row + col];
      }
    }
  }
  InputArray images = ArrayOfBytes({9, 4, 3}, turned);
  images.order = ArrayOrder::kColumnMajor;
  files.Add("few images", images);
  const auto task = Read(SmallMnist(), files);
  ASSERT_TRUE(task.ok());
  const TrainingBlock<double> block = Filled(**task, Part::kTest, 0, 9);
  const TrainingBlock<double> plain =
      Filled(**Read(SmallMnist()), Part::kTest, 0, 9);
  for (int64_t i = 0; i < 9 * 12; ++i) {
    EXPECT_EQ(block.inputs[i], plain.inputs[i]);
  }
}

TEST(MnistTest, RefusesFilesThatDoNotFit) {
  FakeInputs files = SmallFiles();
  EXPECT_THAT(Refusal("{type: mnist, training_images: images, "
                      "training_labels: labels, test_images: few images, "
                      "test_labels: few labels}",
                      files),
              HasSubstr("experiment.task.training_images is (30, 4, 3) of "
                        "uint8; images are (count, 28, 28) of uint8"));
  EXPECT_THAT(Refusal("{type: mnist, training_images: labels, "
                      "training_labels: labels, test_images: few images, "
                      "test_labels: few labels}",
                      files),
              HasSubstr("training_images is (30) of uint8; images are"));
  files.Add("labels", ArrayOfBytes({29}, SmallLabels(29)));
  EXPECT_THAT(Refusal(SmallMnist(), files),
              HasSubstr("training_labels has 29 labels, and training_images "
                        "has 30 images"));
  files.Add("labels", ArrayOfBytes({30}, SmallLabels(29) + '\7'));
  EXPECT_THAT(Refusal(SmallMnist(), files),
              HasSubstr("training_labels says 7 of image 29 (from 0), and "
                        "labels are within [0, 2]"));
  files.Add("labels", Array<double>(30, 1));
  EXPECT_THAT(Refusal(SmallMnist(), files),
              HasSubstr("of float64; labels are a vector of whole numbers"));
  files.Add("labels", ArrayOfBytes({30}, SmallLabels(12)));
  EXPECT_EQ(Read(SmallMnist(), files).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(MnistTest, AFileThatIsNotThereIsNamed) {
  EXPECT_THAT(Refusal(SmallMnist(), FakeInputs()),
              HasSubstr("experiment.task.training_images: images"));
}

TEST(TextCorpusTest, WordsFollowEachOtherInStreams) {
  const ScopedNumericEnvironment environment;
  const auto task = Read(SmallCorpus());
  ASSERT_TRUE(task.ok()) << task.status();
  EXPECT_EQ((*task)->shape().symbols, 12);
  // 300 words: streams of 59, of which pieces take 56.
  const TrainingBlock<double> first = Filled(**task, Part::kTraining, 0, 5);
  const TrainingBlock<double> second = Filled(**task, Part::kTraining, 1, 5);
  const TrainingBlock<double> ninth = Filled(**task, Part::kTraining, 8, 5);
  for (int64_t k = 0; k < 5; ++k) {
    for (int64_t t = 0; t < 7; ++t) {
      const int64_t at = 5 * t + k;
      EXPECT_GE(first.inputs[at], 0);
      EXPECT_LT(first.inputs[at], 12);
      EXPECT_EQ(first.labels(0, at),
                t < 6 ? first.inputs[at + 5] : second.inputs[k]);
      EXPECT_EQ(ninth.inputs[at], first.inputs[at]);
    }
  }
  EXPECT_NE(first.inputs[0], second.inputs[0]);
}

TEST(TextCorpusTest, RefusesWhatIsNoTextAndTextsThatAreTooShort) {
  FakeInputs files = SmallFiles();
  files.Add("words", ArrayOfText("a b c\n"));
  EXPECT_THAT(Refusal(SmallCorpus(), files),
              AllOf(HasSubstr("experiment.task.training has 4 words"),
                    HasSubstr("take 36")));
  files.Add("words", ArrayOfText(std::string("a b\0c", 5)));
  EXPECT_THAT(Refusal(SmallCorpus(), files), HasSubstr("byte 3 (from 0)"));
  files.Add("words", ArrayOfText("\x1f\x8b..."));
  EXPECT_THAT(Refusal(SmallCorpus(), files), HasSubstr("gzip"));
  files.Add("words", ArrayOfText(""));
  EXPECT_THAT(Refusal(SmallCorpus(), files), HasSubstr("has 0 words"));
  files.Add("words", Array<double>(3, 2));
  EXPECT_THAT(Refusal(SmallCorpus(), files),
              HasSubstr("(3, 2) of float64; a text is a file of bytes"));
}

TEST(TextCorpusTest, RefusesMoreWordsThanItsVocabulary) {
  FakeInputs files = SmallFiles();
  files.Add("words", ArrayOfText(SmallText(0) + "zebra\n"));
  EXPECT_THAT(Refusal(SmallCorpus(), files),
              HasSubstr("has 13 different words"));
  EXPECT_TRUE(Read(SmallCorpus(", rare: unknown"), files).ok());
  files.Add("words", ArrayOfText(SmallText(0)));
  files.Add("other words", ArrayOfText(SmallText(0) + "zebra\n"));
  EXPECT_THAT(Refusal(SmallCorpus(), files),
              HasSubstr("experiment.task.test has the word zebra in line 61"));
}

std::string Training(const std::string& task, const std::string& network,
                     const std::string& more) {
  return "{type: supervised_training, network: " + network + ", task: " + task +
         more + "}";
}

// Faults of an experiment on a task, as one text.
std::string Submitted(const std::string& task, const Resolver& files,
                      const std::string& more = ", batch: 5") {
  Faults faults;
  Experiment::Parse(
      {.text = "experiment:\n  " + Training(task, "{type: lstm}", more) +
               "\nseed: 1\n"},
      BuiltinCatalog(), files, 1, faults);
  std::vector<std::string> lines;
  for (const Fault& fault : faults) lines.push_back(fault.Format("x.yaml"));
  return absl::StrJoin(lines, "\n");
}

TEST(TaskFilesTest, AllThatDoesNotFitIsSaidBeforeAnythingIsQueued) {
  FakeInputs files = SmallFiles();
  const std::set<std::string> all = {"images",     "labels", "few images",
                                     "few labels", "words",  "other words"};
  EXPECT_EQ(Submitted(SmallMnist(), SeenInputs(files, all)), "");
  EXPECT_EQ(Submitted(SmallCorpus(), SeenInputs(files, all)), "");
  EXPECT_EQ(Submitted(SmallMnist(), NamesAreDigests()), "");
  files.Add("labels", ArrayOfBytes({29}, SmallLabels(28) + '\7'));
  files.Add("few images", ArrayOfBytes({9, 3, 4}, SmallImages(9)));
  EXPECT_THAT(
      Submitted(SmallMnist(), SeenInputs(files, all)),
      AllOf(HasSubstr("x.yaml:2: experiment.task.training_labels: "
                      "training_labels says 7 of image 28"),
            HasSubstr("training_labels has 29 labels, and training_images has "
                      "30 images"),
            HasSubstr("x.yaml:2: experiment.task.test_images: test_images is "
                      "(9, 3, 4) of uint8; images are (count, 4, 3)")));
  // Of files too large to be read the form is enough for all but the labels.
  EXPECT_THAT(Submitted(SmallMnist(), SeenInputs(files, {})),
              AllOf(HasSubstr("has 29 labels"), HasSubstr("(9, 3, 4)"),
                    Not(HasSubstr("says 7"))));
}

TEST(TaskFilesTest, ATextIsReadBeforeAnythingIsQueuedIfItIsSmall) {
  FakeInputs files = SmallFiles();
  files.Add("words", ArrayOfText("a b c\n"));
  EXPECT_THAT(Submitted(SmallCorpus(), SeenInputs(files, {"words"})),
              HasSubstr("training has 6 bytes, and 5 streams of one piece of "
                        "7 words take 36 words"));
  EXPECT_THAT(
      Submitted(SmallCorpus(), SeenInputs(files, {"words", "other words"})),
      AllOf(HasSubstr("experiment.task.training: training has 4 words"),
            HasSubstr("experiment.task.test: test has the word w4 in line "
                      "1")));
  files.Add("words", ArrayOfText("\x1f\x8b..."));
  EXPECT_THAT(Submitted(SmallCorpus(), SeenInputs(files, {"words"})),
              HasSubstr("training is compressed by gzip; gunzip it"));
}

TEST(TaskFilesTest, AFaultAtOnePointOfASweepHasItsLine) {
  FakeInputs files = SmallFiles();
  files.Add("others", ArrayOfBytes({29}, SmallLabels(29)));
  Faults faults;
  Experiment::Parse(
      {.text = "experiment:\n  " + Training(SmallMnist(), "{type: lstm}", "") +
               "\nseed: 1\nsweep:\n  experiment.task.training_labels:\n  - "
               "labels\n  - others\n  experiment.batch: [2, 3, 4]\n"},
      BuiltinCatalog(), SeenInputs(files, {}), 1, faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].line, 7);
  EXPECT_THAT(faults[0].message, HasSubstr("has 29 labels"));
}

TEST(StoredNetworkTest, WeightsOfAnotherShapeAreRefusedBeforeAnythingIsQueued) {
  FakeInputs files;
  files.Add("w", Array<double>(40, 40));
  files.Add("narrow", Array<double>(40, 30));
  files.Add("state", ArrayOfText("engram checkpoint 1..."));
  const auto submitted = [&](const std::string& system) {
    Faults faults;
    Experiment::Parse(
        {.text = "experiment: {type: dynamics_analysis, system: " + system +
                 ", analyses: [{type: fixed_points}]}\nseed: 1\n"},
        BuiltinCatalog(), SeenInputs(files, {"state"}), 1, faults);
    return faults.empty() ? "" : faults[0].path + ": " + faults[0].message;
  };
  const auto stored = [&](const std::string& weights) {
    return submitted("{type: stored_network, weights: " + weights +
                     ", network: {type: rate_rnn, units: 40}}");
  };
  EXPECT_EQ(stored("w"), "");
  EXPECT_EQ(stored("state"), "");
  EXPECT_THAT(stored("narrow"),
              HasSubstr("experiment.system.weights: weights has shape (40, 30) "
                        "of float64, and stored_network takes (40, 40)"));
  const auto trained = [&](const std::string& state) {
    return submitted(
        "{type: trained_network, network: {type: leaky_rnn}, "
        "state: " +
        state + "}");
  };
  EXPECT_EQ(trained("state"), "");
  EXPECT_THAT(trained("w"), HasSubstr("one array; give a whole state"));
}

// A text that follows from itself: the next word does from the last two.
TEST(TextCorpusTest, ATextThatGoesRoundIsLearned) {
  FakeInputs files;
  std::string text;
  for (int i = 0; i < 200; ++i) text += "a b a c b c\n";
  files.Add("words", ArrayOfText(text));
  const auto run = RunTree(
      Tree(Training("{type: text_corpus, training: words, test: words, "
                    "vocabulary: 4, streams: 4, steps: 10}",
                    "{type: lstm, units: 10, forget_bias: 1}",
                    ", batch: 4, epochs: 3, updates: 34, test_batches: 34, "
                    "optimizer: {type: adam, rate: 0.03}"),
           Kind::kProgram, "experiment", NamesAreDigests()),
      1, {}, 1, files);
  // Of the words alone 2.8 are as likely as each other.
  EXPECT_LT((*run)["perplexity"], 1.1);
}

TEST(TextCorpusTest, ThreadsChangeNoBit) {
  const Component tree =
      Tree(Training("{type: text_corpus, training: words, test: other words, "
                    "vocabulary: 12, streams: 70, steps: 3}",
                    "{type: layer_stack, layers: [{type: embedding, units: "
                    "9}, {type: fix_sublstm, units: 8}]}",
                    ", batch: 70, epochs: 2, updates: 2, test_batches: 1"),
           Kind::kProgram, "experiment", NamesAreDigests());
  const FakeInputs files = SmallFiles();
  const std::string one = RunTree(tree, 1, {}, 1, files)->result_hash;
  for (int threads : {2, 3}) {
    EXPECT_EQ(RunTree(tree, 1, {}, threads, files)->result_hash, one);
  }
}

TEST(SupervisedTrainingTest, ARunWhoseFilesDoNotFitEndsWithTheReason) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  FakeInputs files = SmallFiles();
  files.Add("labels", ArrayOfBytes({29}, SmallLabels(29)));
  RecordPolicy policy;
  policy.snapshots = {{"network.recurrent_weights", {0}}};
  const auto execution = Execution::Make(
      Tree(Training(SmallMnist(), "{type: lstm, units: 3}", ", batch: 3"),
           Kind::kProgram, "experiment", NamesAreDigests()),
      1, policy, {parallel, files});
  ASSERT_TRUE(execution.ok());
  MemoryRecorder record;
  const auto progress = (*execution)->Advance(1, record, {});
  EXPECT_EQ(progress.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(progress.status().message()), HasSubstr("29 labels"));
}

std::string FirstFault(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults, NamesAreDigests());
  return faults.empty() ? "" : faults[0].path + ": " + faults[0].message;
}

TEST(SupervisedTrainingTest, WordsAndNumbersWantLayersThatTakeThem) {
  EXPECT_THAT(
      FirstFault(Training(SmallCorpus(), "{type: feed_forward}", ", batch: 5")),
      HasSubstr("experiment.network: feed_forward takes numbers, and "
                "text_corpus gives words; put an embedding below it"));
  EXPECT_THAT(FirstFault(Training("{type: adding}", "{type: embedding}", "")),
              HasSubstr("embedding takes words, and adding gives numbers"));
  EXPECT_THAT(
      FirstFault(Training(SmallCorpus(),
                          "{type: layer_stack, layers: [{type: lstm}, {type: "
                          "embedding}]}",
                          ", batch: 5")),
      HasSubstr("stands above another layer"));
  EXPECT_THAT(FirstFault(Training(SmallCorpus(), "{type: lstm}", "")),
              HasSubstr("streams = 5 and batch = 64 differ"));
}

}  // namespace
}  // namespace engram
