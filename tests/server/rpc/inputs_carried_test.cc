// What a run reads from outside its tree, on its whole way: uploaded or left by
// another run, named at submit, fetched by a worker, given to what it executes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <future>

#include "SQLiteCpp/SQLiteCpp.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engram/v1/events.grpc.pb.h"
#include "reading_lab.h"
#include "server/worker/worker.h"

namespace engram {
namespace {

using testing::HasSubstr;

// The sum of all elements of all arrays that it reads, as a summary value and
// as an array at `final`.
class Sum final : public Simulation {
 public:
  explicit Sum(double sum) : sum_({sum}) {}

  static absl::StatusOr<std::unique_ptr<Simulation>> Make(
      const v1::RunAssignment& assignment, Context context) {
    double sum = 0;
    for (const v1::ArrayManifest& input : assignment.inputs()) {
      const auto array =
          context.inputs.Get(absl::BytesToHexString(input.digest()));
      if (!array.ok()) return array.status();
      if (array->type != ElementType::kFloat64) continue;
      std::vector<double> values(array->bytes.size() / sizeof(double));
      std::memcpy(values.data(), array->bytes.data(), array->bytes.size());
      for (const double value : values) sum += value;
    }
    return std::make_unique<Sum>(sum);
  }

  absl::StatusOr<Progress> Advance(int64_t, Recorder& out,
                                   std::stop_token) override {
    out.Summary("sum", "1", Measured::Of(sum_[0]));
    out.Array("sum", -1,
              {.type = ElementType::kFloat64,
               .order = ArrayOrder::kRowMajor,
               .shape = {1},
               .unit = "1",
               .bytes = std::as_bytes(std::span(sum_))});
    return progress_ = {.tick = 1, .total = 1, .finished = true};
  }
  const Progress& progress() const override { return progress_; }
  absl::Status WriteCheckpoint(CheckpointSink sink) override {
    return sink("a state");
  }
  absl::Status Restore(absl::string_view) override { return absl::OkStatus(); }
  std::string ResultHash() override { return absl::StrCat("r1:", sum_[0]); }
  std::string tick_name() const override { return "tick"; }

 private:
  const std::vector<double> sum_;
  Progress progress_;
};

class InputsCarriedTest : public ReadingLab {
 protected:
  InputsCarriedTest()
      : spool_(running_.folder() / "spool"),
        events_(v1::Events::NewStub(running_.InProcess())) {
    std::filesystem::create_directory(spool_);
    worker_ = std::async(std::launch::async, [this] {
      return RunWorker({.address = "unix:" + running_.server().socket(),
                        .token = running_.MakeWorkerToken(),
                        .cpus = 1,
                        .build = std::string(64, 'b'),
                        .spool_folder = spool_,
                        .timing = {.give_up = std::chrono::seconds(1)}},
                       Sum::Make);
    });
  }
  ~InputsCarriedTest() override {
    running_.server().Stop();
    worker_.wait();
  }

  // Waits for the end of all its runs; the first of them.
  v1::Run End(const std::string& id) {
    auto context = As(token_);
    v1::WatchRequest request;
    request.add_parents("experiments/" + id);
    request.set_from_sequence(-1);
    request.set_until_done(true);
    const auto stream = events_->Watch(context.get(), request);
    v1::WatchResponse response;
    while (stream->Read(&response)) {
    }
    EXPECT_TRUE(stream->Finish().ok());
    v1::GetRunRequest get;
    get.set_name(id + "/0");
    v1::Run run;
    EXPECT_TRUE(runs_->GetRun(As(token_).get(), get, &run).ok());
    return run;
  }

  v1::Verification Verify(const std::string& id) {
    v1::VerifyRunRequest request;
    request.set_name(id + "/0");
    request.set_request_id(FreshId());
    v1::Verification verification;
    const grpc::Status status =
        experiments_->VerifyRun(As(token_).get(), request, &verification);
    EXPECT_TRUE(status.ok()) << status.error_message();
    v1::GetVerificationRequest get;
    get.set_name(verification.name());
    while (verification.outcome() == v1::Verification::OUTCOME_PENDING) {
      if (!experiments_->GetVerification(As(token_).get(), get, &verification)
               .ok()) {
        break;
      }
    }
    return verification;
  }

  const std::filesystem::path spool_;
  const std::unique_ptr<v1::Events::Stub> events_;
  std::future<absl::Status> worker_;
};

TEST_F(InputsCarriedTest, ADatasetThenWhatItsRunLeftThenAVerification) {
  Upload("lab", "1,2\n3,4\n");
  const std::string first = Submit(Text("weights: lab"));
  const v1::Run run = End(first);
  ASSERT_EQ(run.state(), v1::RUN_STATE_SUCCEEDED) << run.DebugString();
  EXPECT_EQ(run.summary().at("sum").value(), 10);
  const std::string second = Submit(Text(absl::StrCat(
      "weights: lab, initial: ", first, "/0/snapshots/sum@final")));
  EXPECT_EQ(End(second).summary().at("sum").value(), 20);
  const v1::Verification same = Verify(second);
  EXPECT_EQ(same.outcome(), v1::Verification::OUTCOME_EQUAL)
      << same.DebugString();
}

TEST_F(InputsCarriedTest, AnArrayThatIsDamagedEndsTheRunWithTheReason) {
  Upload("lab", "1,2\n3,4\n");
  {
    SQLite::Database blobs(running_.folder() / "data" / "blobs.db",
                           SQLite::OPEN_READWRITE);
    blobs.exec("UPDATE chunk SET data = zeroblob(length(data))");
  }
  const v1::Run run = End(Submit(Text("weights: lab")));
  EXPECT_EQ(run.state(), v1::RUN_STATE_FAILED);
  EXPECT_EQ(run.error().reason(), "INPUT");
  EXPECT_THAT(run.error().message(), HasSubstr("an array that the run reads"));
}

}  // namespace
}  // namespace engram
