// What an experiment names outside its text: datasets and items of other runs'
// records, kept with it and read by their digests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "reading_lab.h"
#include "server/array/manifest.h"
#include "server/rpc/message.h"
#include "server/store/array_table.h"
#include "server/store/blobs.h"
#include "server/store/checkpoint_table.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"
#include "server/store/series_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class InputsCallTest : public ReadingLab {
 protected:
  template <class Work>
  void Write(const std::string& id, const Work& work) {
    const absl::Status status = running_.server().store().Write(
        [&](store::Transaction& transaction) -> absl::Status {
          const auto key = store::FindExperiment(transaction, id);
          if (!key.ok()) return key.status();
          work(transaction, *store::FindRun(transaction, *key, 0));
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
  }
  // A run that has left two points and one without a value, an array of
  // `values`, and a state.
  std::string Succeeded(const std::vector<double>& values, bool has_chunks) {
    const std::string id = Submit(SmallText());
    const auto bytes = std::as_bytes(std::span(values));
    const std::vector<Chunk> chunks = CutIntoChunks(bytes);
    const v1::ArrayManifest manifest =
        MakeManifest({.type = ElementType::kFloat64,
                      .order = ArrayOrder::kColumnMajor,
                      .shape = {std::ssize(values)},
                      .unit = "1",
                      .bytes = bytes},
                     chunks);
    if (has_chunks) {
      const store::Chunk chunk{.digest = Sha256(BytesOf(values)),
                               .data = BytesOf(values)};
      EXPECT_TRUE(running_.server().store().blobs().Put({&chunk, 1}).ok());
    }
    Write(id, [&](store::Transaction& transaction, store::RunKey run) {
      store::StoreArray(transaction,
                        {run, "rule.weights", -1, StoredManifest(manifest)});
      store::CheckpointRow state{.run = run, .is_final = true, .tick = 9};
      state.manifest = StoredManifest(manifest);
      store::StoreCheckpoint(transaction, state);
      store::SeriesRow series;
      series.name = "weight_norm";
      const std::vector<store::SeriesPoint> points = {
          {1, 0.5, ""}, {2, 0, "no item"}, {3, 0.25, ""}};
      EXPECT_TRUE(
          store::AppendPoints(transaction, run, series, points, 1).ok());
      for (const auto& [from, to] : {std::pair("queued", "starting"),
                                     std::pair("starting", "running")}) {
        EXPECT_TRUE(store::ChangeState(transaction, run,
                                       {.from = from, .to = to, .now_us = 1}));
      }
      EXPECT_TRUE(store::ChangeState(transaction, run,
                                     {.from = "running",
                                      .to = "succeeded",
                                      .now_us = 2,
                                      .end_time_us = 2}));
    });
    return id;
  }
};

TEST_F(InputsCallTest, ADatasetIsReadByTheDigestThatStandsInTheTree) {
  const v1::Dataset lab = Upload("lab", "1,2\n3,4\n");
  const std::string id = Submit(Text("weights: lab"));
  const auto inputs = Inputs(id);
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0].name(), "datasets/lab");
  EXPECT_EQ(inputs[0].manifest().SerializeAsString(),
            lab.manifest().SerializeAsString());
  v1::GetRunRequest get;
  get.set_name(id + "/0");
  get.set_full(true);
  v1::Run run;
  ASSERT_TRUE(runs_->GetRun(As(token_).get(), get, &run).ok());
  EXPECT_THAT(run.tree_json(),
              HasSubstr(absl::BytesToHexString(lab.manifest().digest())));
  EXPECT_EQ(ReadInput(id, lab.manifest().digest()).size(), 32u);
}

TEST_F(InputsCallTest, ASeriesIsATableOfThePointsThatHaveAValue) {
  const std::string source = Succeeded({7}, true);
  const std::string id =
      Submit(Text(absl::StrCat("initial: ", source, "/0/traces/weight_norm")));
  const auto inputs = Inputs(id);
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_THAT(inputs[0].manifest().shape(), ElementsAre(2, 2));
  EXPECT_EQ(ReadInput(id, inputs[0].manifest().digest()),
            BytesOf({1, 3, 0.5, 0.25}));
}

TEST_F(InputsCallTest, WhatARunReadsIsThereAfterItsSourceWasDeleted) {
  const std::string source = Succeeded({7, 8}, true);
  const std::string id = Submit(Text(
      absl::StrCat("initial: ", source, "/0/snapshots/rule.weights@final")));
  v1::DeleteExperimentRequest removal;
  removal.set_name("experiments/" + source);
  removal.set_request_id(FreshId());
  v1::DeleteExperimentResponse removed;
  ASSERT_TRUE(
      experiments_->DeleteExperiment(As(token_).get(), removal, &removed).ok());
  const auto inputs = Inputs(id);
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0].name(), source + "/0/snapshots/rule.weights@final");
  EXPECT_EQ(ReadInput(id, inputs[0].manifest().digest()), BytesOf({7, 8}));
}

TEST_F(InputsCallTest, AnAxisOverRunsGivesEachRunItsOwnItem) {
  const std::string one = Succeeded({1}, true);
  const std::string two = Succeeded({2}, true);
  const std::string id = Submit(absl::StrCat(
      Text(absl::StrCat("initial: ", one, "/0/state@final")),
      "sweep:\n  experiment.network.initial: {runs: 'state = SUCCEEDED', "
      "item: snapshots/rule.weights@final}\n"));
  std::set<std::string> names;
  for (const int point : {0, 1}) {
    const auto inputs = Inputs(id, point);
    ASSERT_EQ(inputs.size(), 1u);
    names.insert(inputs[0].name());
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre(
                         one + "/0/snapshots/rule.weights@final",
                         two + "/0/snapshots/rule.weights@final"));
}

TEST_F(InputsCallTest, AnItemWhoseBytesAreGoneIsRefusedAndNothingIsQueued) {
  const std::string source = Succeeded({9}, false);
  v1::Experiment made;
  const grpc::Status status = TrySubmit(
      Text(absl::StrCat("initial: ", source, "/0/state@final")), &made);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("1 of its 1 chunks"));
  v1::ListExperimentsResponse list;
  ASSERT_TRUE(experiments_->ListExperiments(As(token_).get(), {}, &list).ok());
  EXPECT_EQ(list.experiments_size(), 1);
}

TEST_F(InputsCallTest, TheFinalStateIsListedAndRead) {
  const std::string source = Succeeded({7, 8}, true);
  v1::ListArraysRequest request;
  request.set_name(source + "/0");
  v1::ListArraysResponse list;
  ASSERT_TRUE(runs_->ListArrays(As(token_).get(), request, &list).ok());
  EXPECT_EQ(list.arrays_size(), 1);
  EXPECT_EQ(list.final_state().path(), "state");
  EXPECT_EQ(list.final_state().manifest().byte_size(), 16);
  v1::ReadArrayRequest read;
  read.set_name(source + "/0");
  read.set_final_state(true);
  std::string bytes;
  ASSERT_TRUE(Read(read, &bytes).ok());
  EXPECT_EQ(bytes, BytesOf({7, 8}));
  read.set_name(Submit(SmallText()) + "/0");
  EXPECT_EQ(Read(read, &bytes).error_code(), grpc::StatusCode::NOT_FOUND);
  read.clear_final_state();
  read.set_input(std::string(32, 'x'));
  const grpc::Status unknown = Read(read, &bytes);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(unknown.error_message(), HasSubstr("ListInputs"));
}

}  // namespace
}  // namespace engram
