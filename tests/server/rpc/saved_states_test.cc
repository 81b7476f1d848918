// What calls and names make of the states that runs have saved.

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "engram/v1/runs.grpc.pb.h"
#include "running_server.h"
#include "server/rpc/message.h"
#include "server/rpc/resolver.h"
#include "server/store/attempt_table.h"
#include "server/store/checkpoint_table.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"
#include "server/store/store.h"
#include "server/store/verification_table.h"

namespace engram {
namespace {

constexpr const char* kText = R"(name: one run
experiment:
  type: sequence_learning
  network: {type: rate_rnn, units: 20}
  task: {type: item_sequence, items: 4, units_per_item: 5}
  rule: {type: hebbian}
seed: 1
)";

class SavedStatesTest : public testing::Test {
 protected:
  SavedStatesTest()
      : experiments_(v1::Experiments::NewStub(running_.InProcess())),
        runs_(v1::Runs::NewStub(running_.InProcess())),
        token_(running_.MakeToken("ada", v1::SCOPE_SUBMITTER)) {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(kText);
    request.set_request_id(FreshId());
    v1::Experiment made;
    const grpc::Status status =
        experiments_->CreateExperiment(As(token_).get(), request, &made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    name_ = made.name();
    id_ = name_.substr(name_.find('/') + 1);
  }

  template <class Work>
  void Write(const Work& work) {
    const absl::Status status = running_.server().store().Write(
        [&](store::Transaction& transaction) -> absl::Status {
          const auto key = store::FindExperiment(transaction, id_);
          if (!key.ok()) return key.status();
          work(transaction, *store::FindRun(transaction, *key, 0));
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
  }
  void Save(bool is_final) {
    Write([&](store::Transaction& transaction, store::RunKey run) {
      store::CheckpointRow row{.run = run,
                               .is_final = is_final,
                               .tick = 10,
                               .build = running_build_};
      row.manifest.set_digest(std::string(32, 'd'));
      store::StoreCheckpoint(transaction, row);
    });
  }
  void Cancel() {
    v1::CancelRequest request;
    request.set_name(name_);
    request.set_request_id(FreshId());
    v1::CancelResponse reply;
    ASSERT_TRUE(experiments_->Cancel(As(token_).get(), request, &reply).ok());
  }
  grpc::Status Continue(v1::ContinueResponse* reply) {
    v1::ContinueRequest request;
    request.set_name(name_ + "/runs/0");
    request.set_request_id(FreshId());
    return experiments_->Continue(As(token_).get(), request, reply);
  }
  absl::StatusOr<std::string> Resolve(const std::string& item) {
    return StoreResolver(running_.server().store()).RecordItemDigest(item);
  }

  RunningServer running_;
  std::unique_ptr<v1::Experiments::Stub> experiments_;
  std::unique_ptr<v1::Runs::Stub> runs_;
  std::string token_;
  std::string name_;
  std::string id_;
  const std::string running_build_ = "b";
};

TEST_F(SavedStatesTest, ContinueNeedsACheckpoint) {
  Cancel();
  v1::ContinueResponse reply;
  const grpc::Status refused = Continue(&reply);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(absl::StrContains(refused.error_message(), "retry"));
}

TEST_F(SavedStatesTest, ContinueQueuesTheRunAgain) {
  Save(false);
  Cancel();
  v1::ContinueResponse reply;
  const grpc::Status done = Continue(&reply);
  ASSERT_TRUE(done.ok()) << done.error_message();
  EXPECT_EQ(reply.run_count(), 1);
  v1::GetRunRequest request;
  request.set_name(name_ + "/runs/0");
  v1::Run run;
  ASSERT_TRUE(runs_->GetRun(As(token_).get(), request, &run).ok());
  EXPECT_EQ(run.state(), v1::RUN_STATE_QUEUED);
  EXPECT_EQ(run.state_reason(), "continued");
}

TEST_F(SavedStatesTest, TheFinalStateIsAnItemOfTheRecord) {
  Save(true);
  EXPECT_EQ(Resolve(id_ + "/0/state@final").status().code(),
            absl::StatusCode::kFailedPrecondition);
  Write([&](store::Transaction& transaction, store::RunKey run) {
    for (const auto& [from, to] :
         {std::pair("queued", "starting"), std::pair("starting", "running")}) {
      ASSERT_TRUE(store::ChangeState(transaction, run,
                                     {.from = from, .to = to, .now_us = 1}));
    }
    ASSERT_TRUE(store::ChangeState(
        transaction, run,
        {.from = "running", .to = "succeeded", .now_us = 2, .end_time_us = 2}));
  });
  const auto digest = Resolve(id_ + "/0/state@final");
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(*digest, absl::BytesToHexString(std::string(32, 'd')));
  EXPECT_EQ(Resolve(id_ + "/0/state@10").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SavedStatesTest, AnAttemptShowsWhereItWentOnFrom) {
  Write([&](store::Transaction& transaction, store::RunKey run) {
    store::StoreAttempt(transaction,
                        {.run = run,
                         .number = 2,
                         .start_time_us = 5,
                         .end_time_us = 9,
                         .end_state = "queued",
                         .error_reason = "YIELDED",
                         .resumed_tick = 70},
                        9);
  });
  v1::ListAttemptsRequest request;
  request.set_name(name_ + "/runs/0");
  v1::ListAttemptsResponse reply;
  ASSERT_TRUE(runs_->ListAttempts(As(token_).get(), request, &reply).ok());
  ASSERT_EQ(reply.attempts_size(), 1);
  EXPECT_EQ(reply.attempts(0).resumed_tick(), 70);
  EXPECT_EQ(reply.attempts(0).end_state(), v1::RUN_STATE_QUEUED);
  EXPECT_EQ(reply.attempts(0).error().reason(), "YIELDED");
}

TEST(VerificationMessageTest, HasEachValueAndTheTolerance) {
  store::VerificationRow row;
  row.number = 1;
  row.outcome = "close";
  row.current = true;
  row.comparison.set_tolerance(0.05);
  auto& value = *row.comparison.add_values();
  value.set_name("rate");
  value.set_unit("Hz");
  value.set_stored(4);
  value.set_now(4.1);
  value.set_relative_difference(0.1 / 4.1);
  value.set_is_close(true);
  row.comparison.add_values()->set_name("gone");
  const v1::Verification message = VerificationMessage({"k7m2q9xw4p", 17}, row);
  EXPECT_EQ(message.outcome(), v1::Verification::OUTCOME_CLOSE);
  EXPECT_TRUE(message.current());
  EXPECT_EQ(message.tolerance(), 0.05);
  ASSERT_EQ(message.values_size(), 2);
  EXPECT_EQ(message.values(0).unit(), "Hz");
  EXPECT_EQ(message.values(0).now(), 4.1);
  EXPECT_TRUE(message.values(0).is_close());
  EXPECT_FALSE(message.values(1).has_relative_difference());
}

}  // namespace
}  // namespace engram
