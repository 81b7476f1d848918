// Arrays that runs read from outside their trees: stored with the experiment,
// named in assignments.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "server/queue/run_inputs.h"
#include "tests/core/spec/test_catalog.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kReadsTwo[] =
    "  network: {type: rate_rnn, weights: first}\n"
    "sweep:\n"
    "  experiment.network.weights: [first, second]\n";

// Knows two datasets.
class TwoDatasets final : public Resolver {
 public:
  absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const override {
    return absl::BytesToHexString(ManifestOf(std::string(name)).digest);
  }
  absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const override {
    return absl::NotFoundError(std::string(item));
  }
  absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view /*filter*/) const override {
    return std::vector<std::string>{};
  }
};

std::vector<std::string> Digests(const WorkAssignment& assignment) {
  std::vector<std::string> digests;
  for (const RecordedManifest& input : assignment.inputs) {
    digests.push_back(input.digest);
  }
  return digests;
}

class InputsTest : public QueueTest {
 protected:
  absl::StatusOr<std::string> SubmitReading(
      std::vector<ExperimentInput> inputs) {
    ExperimentText text;
    text.text = SmallText(kReadsTwo);
    Faults faults;
    const auto experiment =
        Experiment::Parse(text, TestCatalog(), TwoDatasets(), 1, faults);
    EXPECT_THAT(faults, IsEmpty());
    Submission submission;
    submission.owner = "ada";
    submission.text = text.text;
    submission.inputs = std::move(inputs);
    const auto made = queue_->Submit(submission, *experiment, nullptr);
    if (!made.ok()) return made.status();
    Settle();
    return made->experiment;
  }
  std::string SubmitBoth() {
    const auto id = SubmitReading({{"datasets/first", ManifestOf("first")},
                                   {"datasets/second", ManifestOf("second")}});
    EXPECT_TRUE(id.ok()) << id.status();
    return *id;
  }

  const std::string first_ = ManifestOf("first").digest;
  const std::string second_ = ManifestOf("second").digest;
};

TEST_F(InputsTest, AnAssignmentNamesWhatItsOwnTreeReads) {
  SubmitBoth();
  Worker worker = Attach(1);
  const WorkAssignment one = worker.Given();
  EXPECT_THAT(Digests(one), ElementsAre(first_));
  EXPECT_EQ(one.inputs[0], ManifestOf("first"));
  worker.Begin(one.key);
  worker.Succeed(one.key, 0);
  EXPECT_THAT(Digests(worker.Given()), ElementsAre(second_));
}

TEST_F(InputsTest, ARunWithoutInputsHasNone) {
  Submit();
  EXPECT_THAT(Attach(1).Given().inputs, IsEmpty());
}

TEST_F(InputsTest, ARetryAVerificationAndAnotherServerCarryThemToo) {
  const std::string id = SubmitBoth();
  Worker worker = Attach(1);
  AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Fail(key, "DIVERGED");
  Restart();
  ASSERT_TRUE(queue_->Retry(id, 0, "users/ada", nullptr).ok());
  worker = Attach(2);
  ASSERT_THAT(Digests(worker.Given()), ElementsAre(first_));
  key = worker.Given().key;
  worker.Begin(key);
  worker.Succeed(key, 0);
  key = worker.Given().key;
  worker.Begin(key);
  worker.Succeed(key, 0);
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/ada", nullptr).ok());
  EXPECT_TRUE(worker.Given().verify);
  EXPECT_THAT(Digests(worker.Given()), ElementsAre(first_));
}

TEST_F(InputsTest, ARunGoesOnFromItsStateWithWhatItReads) {
  const std::string id = SubmitBoth();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 5, 0, "five");
  ASSERT_TRUE(queue_->Cancel(id, std::nullopt, "users/ada", "", nullptr).ok());
  FinishedReport stopped;
  stopped.state = RunState::kCancelled;
  worker.Finish(key, stopped);
  ASSERT_TRUE(queue_->Continue(id, 0, "users/ada", nullptr).ok());
  const WorkAssignment again = worker.Given();
  ASSERT_TRUE(again.resume.has_value());
  EXPECT_THAT(Digests(again), ElementsAre(first_));
}

TEST_F(InputsTest, MoreThanAWorkerTakesIsRefusedAtSubmit) {
  RecordedManifest large = ManifestOf("second");
  large.byte_size = kMostInputBytes + 1;
  const auto refused = SubmitReading(
      {{"datasets/first", ManifestOf("first")}, {"datasets/second", large}});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(refused.status().message(), HasSubstr("run 1 reads"));
}

TEST(DigestsNamedTest, FindsEachOnceWhereverItStands) {
  const std::string a(64, 'a');
  const std::string b(64, 'b');
  const std::string tree =
      absl::StrCat(R"({"experiment":{"x":")", a, R"(","y":["say \"hi\"",")", b,
                   R"("],"z":")", a, R"("},"seed":1})");
  EXPECT_THAT(DigestsNamed(tree), ElementsAre(absl::HexStringToBytes(a),
                                              absl::HexStringToBytes(b)));
  EXPECT_THAT(DigestsNamed(R"({"x":"rule","y":")" + std::string(63, 'a') +
                           R"(","z":")" + std::string(64, 'g') + "\"}"),
              IsEmpty());
}

}  // namespace
}  // namespace engram
