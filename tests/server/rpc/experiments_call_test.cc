// The calls on experiments and runs, through a whole server without workers.

#include <gtest/gtest.h>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engram/v1/admin.grpc.pb.h"
#include "engram/v1/catalog.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "engram/v1/runs.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "running_server.h"

namespace engram {
namespace {

constexpr const char* kText = R"(name: two rules
tags: [from-text]
experiment:
  type: sequence_learning
  network: {type: rate_rnn, units: 20}
  task: {type: item_sequence, items: 4, units_per_item: 5}
  rule: {type: hebbian}
seed: 1
sweep:
  experiment.rule: [{type: hebbian}, {type: anti_hebbian}]
)";

template <class Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status wire;
  wire.ParseFromString(status.error_details());
  Detail found;
  for (const auto& detail : wire.details()) {
    if (detail.UnpackTo(&found)) return found;
  }
  ADD_FAILURE() << "no " << Detail::descriptor()->name() << " in "
                << status.error_message();
  return found;
}

class ExperimentsCallTest : public testing::Test {
 protected:
  ExperimentsCallTest()
      : experiments_(v1::Experiments::NewStub(running_.InProcess())),
        runs_(v1::Runs::NewStub(running_.InProcess())) {
    token_ = running_.MakeToken("ada", v1::SCOPE_SUBMITTER);
  }

  v1::CreateExperimentRequest Request(const std::string& text) {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(text);
    request.mutable_source()->set_file("rules.yaml");
    request.set_request_id(FreshId());
    return request;
  }
  grpc::Status Create(const v1::CreateExperimentRequest& request,
                      v1::Experiment* reply) {
    return experiments_->CreateExperiment(As(token_).get(), request, reply);
  }
  v1::Experiment Made() {
    v1::Experiment made;
    const grpc::Status status = Create(Request(kText), &made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }
  grpc::Status Get(const std::string& name, v1::Experiment* reply) {
    v1::GetExperimentRequest request;
    request.set_name(name);
    return experiments_->GetExperiment(As(token_).get(), request, reply);
  }

  RunningServer running_;
  std::unique_ptr<v1::Experiments::Stub> experiments_;
  std::unique_ptr<v1::Runs::Stub> runs_;
  std::string token_;
};

TEST_F(ExperimentsCallTest, EveryFaultComesWithLineAndPath) {
  std::string text = kText;
  text.replace(text.find("units: 20"), 9, "untis: 20");
  text.replace(text.find("{type: anti_hebbian}"), 20, "{type: anti_hebian}");
  v1::Experiment reply;
  const grpc::Status status = Create(Request(text), &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto detail = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(detail.field_violations_size(), 2) << status.error_message();
  EXPECT_EQ(detail.field_violations(0).field(),
            "text:5:experiment.network.untis");
  EXPECT_TRUE(absl::StrContains(status.error_message(), "rules.yaml:5:"));
  EXPECT_TRUE(absl::StrContains(status.error_message(), "did you mean units?"));
  EXPECT_TRUE(absl::StrContains(status.error_message(), "anti_hebbian?"));
}

TEST_F(ExperimentsCallTest, SnapshotsAreThereAtEveryPoint) {
  std::string text = kText;
  text.replace(text.find("[{type: hebbian}, "), 18, "[{type: stdp_rate}, ");
  const std::string record = "record: {snapshots: {rule.weights: final, ";
  v1::Experiment reply;
  v1::CreateExperimentRequest request =
      Request(text + record + "rule.trace_pre: 0, rule.weigths: 0}}\n");
  request.set_validate_only(true);
  request.clear_request_id();
  const grpc::Status status = Create(request, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto detail = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(detail.field_violations_size(), 2) << status.error_message();
  EXPECT_TRUE(absl::StrContains(detail.field_violations(0).description(),
                                "point 0 (experiment.rule.type: stdp_rate"))
      << detail.field_violations(0).description();
  EXPECT_TRUE(absl::StrContains(detail.field_violations(0).description(),
                                "did you mean rule.weights?"));
  const std::string& trace = detail.field_violations(1).description();
  EXPECT_TRUE(
      absl::StrContains(trace, "point 1 (experiment.rule.type: anti_hebbian"))
      << trace;
  EXPECT_TRUE(absl::StrContains(trace, "no array rule.trace_pre")) << trace;
  EXPECT_TRUE(absl::StrContains(trace, "network.initial_weights")) << trace;
  request.mutable_source()->set_text(text + record + "trial: 0}}\n");
  EXPECT_TRUE(Create(request, &reply).ok());
}

TEST_F(ExperimentsCallTest, AnUnknownPresetGetsTheNearestOne) {
  v1::CreateExperimentRequest request;
  request.mutable_source()->set_preset("flagshp");
  request.set_request_id(FreshId());
  v1::Experiment reply;
  const grpc::Status status = Create(request, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(
      absl::StrContains(status.error_message(), "did you mean flagship?"))
      << status.error_message();
}

TEST_F(ExperimentsCallTest, ValidateOnlyChangesNothing) {
  v1::CreateExperimentRequest request = Request(kText);
  request.set_validate_only(true);
  request.clear_request_id();
  v1::Experiment reply;
  const grpc::Status status = Create(request, &reply);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.name(), "");
  EXPECT_EQ(reply.run_count(), 2);
  EXPECT_TRUE(absl::StartsWith(reply.experiment_hash(), "e1:"));
  v1::ListExperimentsResponse list;
  ASSERT_TRUE(experiments_->ListExperiments(As(token_).get(), {}, &list).ok());
  EXPECT_EQ(list.experiments_size(), 0);
}

TEST_F(ExperimentsCallTest, WhatWasSubmittedIsFoundUnderEveryName) {
  const v1::Experiment made = Made();
  EXPECT_EQ(made.owner(), "users/ada");
  EXPECT_EQ(made.title(), "two rules");
  EXPECT_EQ(made.run_count(), 2);
  EXPECT_EQ(made.state_counts().at("QUEUED"), 2);
  const std::string id = made.name().substr(std::string("experiments/").size());
  v1::Experiment found;
  for (const std::string& name : {made.name(), id, id.substr(0, 4)}) {
    ASSERT_TRUE(Get(name, &found).ok()) << name;
    EXPECT_EQ(found.name(), made.name());
  }
  v1::GetRunRequest request;
  v1::Run run;
  for (const std::string& name : {absl::StrCat(made.name(), "/runs/1"),
                                  id + "/1", id.substr(0, 4) + "/1"}) {
    request.set_name(name);
    ASSERT_TRUE(runs_->GetRun(As(token_).get(), request, &run).ok()) << name;
    EXPECT_EQ(run.point(), 1);
    EXPECT_EQ(run.state(), v1::RUN_STATE_QUEUED);
    EXPECT_EQ(run.varying().at("experiment.rule.type").string_value(),
              "anti_hebbian");
  }
}

TEST_F(ExperimentsCallTest, NamesThatAreNoneSayWhatIsWrong) {
  const v1::Experiment made = Made();
  v1::Experiment found;
  EXPECT_EQ(Get("", &found).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Get("a/b/c", &found).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Get("zzzzzzzzzz", &found).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Get(made.name() + "/runs/0", &found).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  v1::GetRunRequest request;
  request.set_name(made.name() + "/runs/7");
  v1::Run run;
  EXPECT_EQ(runs_->GetRun(As(token_).get(), request, &run).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ExperimentsCallTest, NotesChangeUnderTheirEtagAlone) {
  const v1::Experiment made = Made();
  v1::UpdateExperimentRequest request;
  request.mutable_experiment()->set_name(made.name());
  request.mutable_experiment()->set_etag(made.etag());
  request.mutable_experiment()->set_notes("look at seed 3");
  request.mutable_update_mask()->add_paths("notes");
  request.set_request_id(FreshId());
  v1::Experiment changed;
  ASSERT_TRUE(
      experiments_->UpdateExperiment(As(token_).get(), request, &changed).ok());
  EXPECT_EQ(changed.notes(), "look at seed 3");
  EXPECT_EQ(changed.tags(0), "from-text");
  EXPECT_NE(changed.etag(), made.etag());
  request.set_request_id(FreshId());
  EXPECT_EQ(experiments_->UpdateExperiment(As(token_).get(), request, &changed)
                .error_code(),
            grpc::StatusCode::ABORTED);
  request.mutable_update_mask()->add_paths("title");
  request.set_request_id(FreshId());
  EXPECT_EQ(experiments_->UpdateExperiment(As(token_).get(), request, &changed)
                .error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ExperimentsCallTest, SomebodyElsesIsReadAndNotChanged) {
  const v1::Experiment made = Made();
  const std::string other = running_.MakeToken("bob", v1::SCOPE_SUBMITTER);
  v1::GetExperimentRequest get;
  get.set_name(made.name());
  v1::Experiment found;
  EXPECT_TRUE(experiments_->GetExperiment(As(other).get(), get, &found).ok());
  v1::CancelRequest cancel;
  cancel.set_name(made.name());
  cancel.set_request_id(FreshId());
  v1::CancelResponse cancelled;
  const grpc::Status status =
      experiments_->Cancel(As(other).get(), cancel, &cancelled);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "NOT_OWNER");
  cancel.set_request_id(FreshId());
  EXPECT_TRUE(
      experiments_->Cancel(As(running_.admin_token()).get(), cancel, &cancelled)
          .ok());
  EXPECT_EQ(cancelled.run_count(), 2);
}

TEST_F(ExperimentsCallTest, CancelledRunsCanBeRetriedAndDeleted) {
  const v1::Experiment made = Made();
  v1::DeleteExperimentRequest removal;
  removal.set_name(made.name());
  removal.set_request_id(FreshId());
  v1::DeleteExperimentResponse removed;
  EXPECT_EQ(experiments_->DeleteExperiment(As(token_).get(), removal, &removed)
                .error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  v1::CancelRequest cancel;
  cancel.set_name(made.name() + "/runs/0");
  cancel.set_request_id(FreshId());
  v1::CancelResponse cancelled;
  ASSERT_TRUE(experiments_->Cancel(As(token_).get(), cancel, &cancelled).ok());
  EXPECT_EQ(cancelled.run_count(), 1);
  v1::RetryRequest retry;
  retry.set_name(made.name() + "/runs/0");
  retry.set_request_id(FreshId());
  v1::RetryResponse retried;
  ASSERT_TRUE(experiments_->Retry(As(token_).get(), retry, &retried).ok());
  EXPECT_EQ(retried.run_count(), 1);
  cancel.set_name(made.name());
  cancel.set_request_id(FreshId());
  ASSERT_TRUE(experiments_->Cancel(As(token_).get(), cancel, &cancelled).ok());
  removal.set_request_id(FreshId());
  ASSERT_TRUE(
      experiments_->DeleteExperiment(As(token_).get(), removal, &removed).ok());
  v1::Experiment found;
  EXPECT_EQ(Get(made.name(), &found).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ExperimentsCallTest, EstimatesCountRunsAndAxes) {
  v1::EstimateExperimentRequest request;
  request.mutable_source()->set_text(kText);
  request.mutable_source()->set_seeds("1..5");
  v1::EstimateExperimentResponse reply;
  const grpc::Status status =
      experiments_->EstimateExperiment(As(token_).get(), request, &reply);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.run_count(), 10);
  ASSERT_EQ(reply.axes_size(), 2);
  EXPECT_EQ(reply.axes(0).path(), "experiment.rule");
  EXPECT_EQ(reply.axes(0).size(), 2);
  EXPECT_EQ(reply.axes(1).path(), "seed");
  EXPECT_EQ(reply.axes(1).size(), 5);
  EXPECT_GT(reply.cpu_seconds(), 0);
  EXPECT_GT(reply.memory_bytes(), 0);
  EXPECT_FALSE(reply.from_history());
}

TEST_F(ExperimentsCallTest, RunsAreFilteredAndFaultsOfFiltersSayWhere) {
  Made();
  v1::ListRunsRequest request;
  request.set_filter("experiment.rule.type = hebbian");
  v1::ListRunsResponse reply;
  grpc::Status status = runs_->ListRuns(As(token_).get(), request, &reply);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.runs_size(), 1);
  request.set_filter("state = ");
  status = runs_->ListRuns(As(token_).get(), request, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto detail = DetailOf<google::rpc::BadRequest>(status);
  EXPECT_TRUE(absl::StartsWith(detail.field_violations(0).field(), "filter:"))
      << detail.DebugString();
}

TEST_F(ExperimentsCallTest, FieldsAreWhatFiltersMayName) {
  Made();
  v1::ListFieldsResponse reply;
  const grpc::Status status =
      runs_->ListFields(As(token_).get(), v1::ListFieldsRequest(), &reply);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(reply.built_in(), testing::Contains("state"));
  EXPECT_THAT(reply.parameters(), testing::Contains("experiment.rule.type"));
  EXPECT_EQ(reply.summary_values_size(), 0) << "no run has ended";
}

TEST_F(ExperimentsCallTest, StatusSaysWhereAWatchOfWhatIsNewBegins) {
  const auto admin = v1::Admin::NewStub(running_.InProcess());
  const auto last = [&] {
    v1::ServerStatus status;
    EXPECT_TRUE(
        admin->GetStatus(As(token_).get(), v1::GetStatusRequest(), &status)
            .ok());
    return status.last_sequence();
  };
  const int64_t before = last();
  v1::Experiment made;
  ASSERT_TRUE(Create(Request(kText), &made).ok());
  // Each of the two runs came into a state.
  EXPECT_GE(last(), before + 2);
}

TEST_F(ExperimentsCallTest, UrgentIsForAdmins) {
  v1::CreateExperimentRequest request = Request(kText);
  request.set_urgent(true);
  v1::Experiment reply;
  EXPECT_EQ(Create(request, &reply).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  request.set_request_id(FreshId());
  EXPECT_TRUE(
      experiments_
          ->CreateExperiment(As(running_.admin_token()).get(), request, &reply)
          .ok());
  EXPECT_TRUE(reply.urgent());
}

TEST_F(ExperimentsCallTest, AWaitingRunIsExplained) {
  const v1::Experiment made = Made();
  v1::ExplainRunRequest request;
  request.set_name(made.name() + "/runs/0");
  v1::ExplainRunResponse reply;
  ASSERT_TRUE(runs_->ExplainRun(As(token_).get(), request, &reply).ok());
  EXPECT_EQ(reply.state(), v1::RUN_STATE_QUEUED);
  EXPECT_FALSE(reply.explanation().empty());
}

TEST_F(ExperimentsCallTest, PresetsAndComponentsAreDescribed) {
  auto catalog = v1::Catalog::NewStub(running_.InProcess());
  v1::ListPresetsResponse presets;
  ASSERT_TRUE(catalog->ListPresets(As(token_).get(), {}, &presets).ok());
  ASSERT_GT(presets.presets_size(), 0);
  EXPECT_GT(presets.presets(0).run_count(), 0);
  for (const v1::Preset& preset : presets.presets())
    EXPECT_EQ(absl::c_count(preset.tags(), "preset"), 1) << preset.name();
  v1::DescribeRequest request;
  request.set_text("{type: hebbian}");
  v1::DescribeResponse described;
  ASSERT_TRUE(catalog->Describe(As(token_).get(), request, &described).ok());
  EXPECT_EQ(described.component_type().type(), "hebbian");
  EXPECT_TRUE(absl::StrContains(described.component_json(), "\"type\""));
  request.set_text("{type: hebian}");
  const grpc::Status status =
      catalog->Describe(As(token_).get(), request, &described);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(absl::StrContains(status.error_message(), "hebbian"));
}

}  // namespace
}  // namespace engram
