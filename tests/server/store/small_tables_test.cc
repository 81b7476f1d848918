#include "core/base/contract.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/attempt_table.h"
#include "server/store/audit_table.h"
#include "server/store/claim_table.h"
#include "server/store/dataset_table.h"
#include "server/store/input_table.h"
#include "server/store/log_table.h"
#include "server/store/request_table.h"
#include "server/store/setting_table.h"
#include "server/store/token_table.h"
#include "server/store/user_table.h"
#include "server/store/verification_table.h"
#include "server/store/worker_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SmallTablesTest : public ::testing::Test {
 protected:
  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
};

using UserTableTest = SmallTablesTest;
using TokenTableTest = SmallTablesTest;
using RequestTableTest = SmallTablesTest;
using AttemptTableTest = SmallTablesTest;
using ArrayTableTest = SmallTablesTest;
using LogTableTest = SmallTablesTest;
using ClaimTableTest = SmallTablesTest;
using VerificationTableTest = SmallTablesTest;
using WorkerTableTest = SmallTablesTest;
using DatasetTableTest = SmallTablesTest;
using SettingTableTest = SmallTablesTest;
using InputTableTest = SmallTablesTest;

TEST_F(UserTableTest, HasEachNameOnceAndSuggestsTheNearest) {
  Do(*store_, [](Transaction& t) {
    EXPECT_TRUE(InsertUser(t, {"ada", kNoonUs, {}, ""}).ok());
    EXPECT_EQ(InsertUser(t, {"ada", kNoonUs, {}, ""}).code(),
              absl::StatusCode::kAlreadyExists);
    EXPECT_THAT(FindUser(t, "adda").status().message(),
                HasSubstr("did you mean ada?"));
  });
}

TEST_F(UserTableTest, AQuotaChangesOnlyUnderTheRightEtag) {
  Do(*store_, [](Transaction& t) {
    ASSERT_TRUE(InsertUser(t, {"ada", kNoonUs, {}, ""}).ok());
    const std::string etag = FindUser(t, "ada")->etag;
    const QuotaRow quota{100, 2, 1.5, 1 << 30};
    ASSERT_TRUE(UpdateQuota(t, "ada", etag, quota).ok());
    EXPECT_EQ(FindUser(t, "ada")->quota, quota);
    EXPECT_EQ(UpdateQuota(t, "ada", etag, {}).status().code(),
              absl::StatusCode::kAborted);
    EXPECT_TRUE(UpdateQuota(t, "ada", "", {}).ok());
    EXPECT_EQ(UpdateQuota(t, "bob", "", {}).status().code(),
              absl::StatusCode::kNotFound);
  });
}

TEST_F(UserTableTest, KeepsTheLastUseOfEachUser) {
  Do(*store_, [](Transaction& t) {
    StoreUsage(t, {"ada", 10, 1});
    StoreUsage(t, {"ada", 12.5, 2});
    const auto usage = ReadUsage(t);
    ASSERT_THAT(usage, SizeIs(1));
    EXPECT_EQ(usage[0].cpu_seconds, 12.5);
    EXPECT_EQ(usage[0].as_of_us, 2);
  });
}

TEST_F(TokenTableTest, IsFoundByItsDigestAloneAndRevokedForGood) {
  TokenRow token;
  token.user = "ada";
  token.scope = "submitter";
  token.label = "laptop";
  token.sha256.fill(7);
  token.create_time_us = kNoonUs;
  token.expire_time_us = kNoonUs + 1000;
  Do(*store_, [&](Transaction& t) {
    const int64_t number = InsertToken(t, token);
    const auto found = FindToken(t, token.sha256);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->number, number);
    EXPECT_EQ(found->label, "laptop");
    EXPECT_EQ(found->expire_time_us, kNoonUs + 1000);
    EXPECT_EQ(found->revoke_time_us, std::nullopt);
    EXPECT_FALSE(FindToken(t, {}).has_value());
    EXPECT_TRUE(RevokeToken(t, number, 5).ok());
    EXPECT_TRUE(RevokeToken(t, number, 9).ok());
    SetTokenUse(t, number, 11);
    EXPECT_EQ(FindToken(t, token.sha256)->revoke_time_us, 5);
    EXPECT_EQ(FindToken(t, token.sha256)->last_use_time_us, 11);
    EXPECT_EQ(RevokeToken(t, 99, 5).code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(ReadTokens(t, "ada"), SizeIs(1));
    EXPECT_THAT(ReadTokens(t, ""), SizeIs(1));
    EXPECT_THAT(ReadTokens(t, "bob"), IsEmpty());
  });
}

TEST_F(RequestTableTest, KeepsAnAnswerOfEachUserUntilItIsForgotten) {
  RequestRow row{"id-1",
                 "ada",
                 "/engram.v1.Experiments/Cancel",
                 {},
                 std::string("a\0b", 3),
                 kNoonUs};
  row.request_sha256.fill(3);
  Do(*store_, [&](Transaction& t) {
    InsertRequest(t, row);
    EXPECT_THROW(InsertRequest(t, row), ContractViolation);
    const auto found = FindRequest(t, "ada", "id-1");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->response, row.response);
    EXPECT_EQ(found->request_sha256, row.request_sha256);
    EXPECT_EQ(found->method, row.method);
    EXPECT_FALSE(FindRequest(t, "bob", "id-1").has_value());
    EXPECT_EQ(ForgetRequests(t, kNoonUs), 0);
    EXPECT_EQ(ForgetRequests(t, kNoonUs + 1), 1);
    EXPECT_FALSE(FindRequest(t, "ada", "id-1").has_value());
  });
}

TEST_F(RequestTableTest, AuditComesNewestFirst) {
  Do(*store_, [](Transaction& t) {
    for (int i = 0; i < 3; ++i)
      AppendAudit(t, {i, "ada", "tokens/1", "m", "x", "id", "peer", "OK"});
    const auto audit = ReadAudit(t, {}, 2);
    ASSERT_THAT(audit, SizeIs(2));
    EXPECT_EQ(audit[0].time_us, 2);
    EXPECT_EQ(audit[1].time_us, 1);
  });
}

TEST_F(AttemptTableTest, KeepsWhatBecameOfEachAttempt) {
  const RunKey run = SubmitSome(*store_, 'a')[0];
  AttemptRow row{.run = run,
                 .number = 1,
                 .worker = "workers/3",
                 .host = "here",
                 .build = "b",
                 .fencing_token = 41,
                 .start_time_us = kNoonUs};
  Do(*store_, [&](Transaction& t) {
    StoreAttempt(t, row, kNoonUs);
    row.end_time_us = kNoonUs + 5;
    row.end_state = "failed";
    row.error_reason = "MEMORY";
    row.cpu_seconds = 1.25;
    StoreAttempt(t, row, kNoonUs + 5);
    const auto rows = ReadAttempts(t, run);
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].end_state, "failed");
    EXPECT_EQ(rows[0].cpu_seconds, 1.25);
    EXPECT_EQ(rows[0].end_time_us, kNoonUs + 5);
    EXPECT_EQ(LastFencingToken(t), 41);
  });
}

TEST_F(ArrayTableTest, ListsByPathWithFinalLastAndNamesWhatThereIs) {
  const RunKey run = SubmitSome(*store_, 'a')[0];
  Do(*store_, [&](Transaction& t) {
    for (const int64_t step : {-1, 100, 0}) {
      ArrayRow row{run, "rule.weights", step, {}};
      row.manifest.set_byte_size(80);
      StoreArray(t, row);
      StoreArray(t, row);
    }
    std::vector<int64_t> steps;
    for (const ArrayRow& row : ReadArrays(t, run)) steps.push_back(row.step);
    EXPECT_THAT(steps, ElementsAre(0, 100, -1));
    EXPECT_EQ(ReadRun(t, run).stored_bytes, 240) << "replaced, not added";
    EXPECT_TRUE(FindArray(t, run, "rule.weights", 100).ok());
    EXPECT_THAT(FindArray(t, run, "rule.weights", 7).status().message(),
                HasSubstr("0, 100, final"));
    EXPECT_THAT(FindArray(t, run, "rule.weigths", 0).status().message(),
                HasSubstr("did you mean rule.weights?"));
  });
}

TEST_F(LogTableTest, NumbersLinesWithinTheirRun) {
  const std::vector<RunKey> runs = SubmitSome(*store_, 'a', 2);
  Do(*store_, [&](Transaction& t) {
    for (int i = 0; i < 5; ++i)
      for (const RunKey run : runs)
        EXPECT_EQ(AppendLog(t, run, {0, i, 1, "info", absl::StrCat(i)}), i + 1);
    const auto lines = ReadLog(t, runs[1], 2, 2);
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0].text, "2");
    EXPECT_EQ(lines[1].number, 4);
  });
}

TEST_F(ClaimTableTest, KeepsTheDefinitionAndTheOutcome) {
  SubmitSome(*store_, 'a');
  ClaimRow claim;
  claim.subject = "mean of length";
  claim.expect = "equals 10";
  claim.definition.set_that("recalls every item");
  claim.definition.set_reduce(v1::ClaimDefinition::REDUCE_MEAN);
  Do(*store_, [&](Transaction& t) {
    const ExperimentKey key = *FindExperiment(t, "aaaa");
    InsertClaims(t, key, {&claim, 1});
    claim.outcome = "holds";
    claim.measured = 10.0;
    claim.run_count = 3;
    StoreClaimResult(t, key, claim, kNoonUs);
    const auto claims = ReadClaims(t, key);
    ASSERT_THAT(claims, SizeIs(1));
    EXPECT_EQ(claims[0].outcome, "holds");
    EXPECT_EQ(claims[0].measured, 10.0);
    EXPECT_EQ(claims[0].definition.SerializeAsString(),
              claim.definition.SerializeAsString());
    EXPECT_EQ(t.events().back().payload.claim().that(), "recalls every item");
  });
}

TEST_F(VerificationTableTest, IsNumberedWithinItsRunAndPendingUntilItsEnd) {
  const RunKey run = SubmitSome(*store_, 'a')[0];
  Do(*store_, [&](Transaction& t) {
    VerificationRow row;
    row.run = run;
    row.actor = "users/ada";
    row.number = InsertVerification(t, row);
    EXPECT_EQ(row.number, 1);
    EXPECT_EQ(InsertVerification(t, row), 2);
    EXPECT_THAT(PendingVerifications(t), SizeIs(2));
    row.outcome = "different";
    row.difference = "item 17";
    row.end_time_us = kNoonUs;
    UpdateVerification(t, row);
    EXPECT_THAT(PendingVerifications(t), SizeIs(1));
    EXPECT_EQ(FindVerification(t, run, 1)->difference, "item 17");
    EXPECT_EQ(FindVerification(t, run, 3).status().code(),
              absl::StatusCode::kNotFound);
  });
}

TEST_F(WorkerTableTest, NumbersAreGivenOnce) {
  Do(*store_, [](Transaction& t) {
    WorkerRow worker{.host = "here", .pid = 7};
    worker.token_digest = "ab12";
    const int64_t first = InsertWorker(t, worker);
    SetStoredEvent(t, first, 12);
    EXPECT_EQ(ReadLiveWorkers(t)[0].stored_event, 12);
    EXPECT_EQ(ReadLiveWorkers(t)[0].token_digest, "ab12");
    EndWorker(t, first, kNoonUs);
    EXPECT_THAT(ReadLiveWorkers(t), IsEmpty());
    EXPECT_GT(InsertWorker(t, {.host = "here", .pid = 8}), first);
  });
}

TEST_F(WorkerTableTest, RemembersABuildFromItsFirstSight) {
  Do(*store_, [](Transaction& t) {
    StoreBuild(t, {"b", 1, 100});
    StoreBuild(t, {"b", 2, 100});
    const auto builds = ReadBuilds(t);
    ASSERT_THAT(builds, SizeIs(1));
    EXPECT_EQ(builds[0].first_seen_us, 1);
  });
}

TEST_F(DatasetTableTest, IsKeptWhileAnExperimentUsesIt) {
  const RunKey run = SubmitSome(*store_, 'a', 4)[0];
  Do(*store_, [&](Transaction& t) {
    ASSERT_TRUE(InsertDataset(t, {.name = "mnist", .format = "npy"}).ok());
    EXPECT_EQ(InsertDataset(t, {.name = "mnist", .format = "npy"}).code(),
              absl::StatusCode::kAlreadyExists);
    const ExperimentKey key = ReadRun(t, run).experiment;
    EXPECT_THAT(UseDataset(t, key, "mnits").message(),
                HasSubstr("did you mean mnist?"));
    EXPECT_TRUE(UseDataset(t, key, "mnist").ok());
    EXPECT_EQ(FindDataset(t, "mnist")->use_count, 4);
    EXPECT_EQ(DeleteDataset(t, "mnist").code(),
              absl::StatusCode::kFailedPrecondition);
    ASSERT_TRUE(InsertDataset(t, {.name = "unused", .format = "raw"}).ok());
    EXPECT_THAT(ReadDatasets(t, "", 10), SizeIs(2));
    EXPECT_THAT(ReadDatasets(t, "mnist", 10), SizeIs(1));
    EXPECT_TRUE(DeleteDataset(t, "unused").ok());
  });
}

TEST_F(SettingTableTest, IsReplaced) {
  Do(*store_, [](Transaction& t) {
    EXPECT_EQ(ReadSetting(t, "draining"), std::nullopt);
    StoreSetting(t, "draining", "1");
    StoreSetting(t, "draining", "0");
    EXPECT_EQ(ReadSetting(t, "draining"), "0");
  });
}

TEST_F(InputTableTest, AreFoundByRunAndDigestAndEqualOnesAreOne) {
  const RunKey run = SubmitSome(*store_, 'a')[0];
  const RunKey other = SubmitSome(*store_, 'b')[0];
  Do(*store_, [&](Transaction& t) {
    const auto key = FindExperiment(t, std::string(10, 'a'));
    InputRow rows[3] = {
        {"datasets/lab", {}}, {"k7m2q9xw4p/0/state@final", {}}, {"lab", {}}};
    for (InputRow& row : rows) row.manifest.set_digest(std::string(32, 'x'));
    rows[1].manifest.set_digest(std::string(32, 'y'));
    rows[1].manifest.set_byte_size(7);
    InsertInputs(t, *key, rows);
    const auto found = FindInput(t, run, std::string(32, 'y'));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->name, "k7m2q9xw4p/0/state@final");
    EXPECT_EQ(found->manifest.byte_size(), 7);
    EXPECT_FALSE(FindInput(t, run, std::string(32, 'z')).has_value());
    EXPECT_FALSE(FindInput(t, other, std::string(32, 'y')).has_value());
    const auto all = ReadInputs(t, *key);
    ASSERT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[0].name, "datasets/lab");
  });
}

}  // namespace
}  // namespace engram::store
