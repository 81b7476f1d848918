// What runs have left, and whether it holds.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/verbs_fixture.h"

namespace engram::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using ResultsVerbsTest = VerbsTest;

TEST_F(ResultsVerbsTest, CheckPrintsTheClaimsAndFailsUnlessAllHold) {
  EndRuns(ThreeRuns());
  v1::Experiment experiment = AnExperiment();
  auto* claim = experiment.add_claims();
  claim->set_that("every item is recalled");
  claim->set_source("Kleinfeld (1986)");
  claim->set_expect("equals 10");
  claim->set_measured(10);
  claim->set_outcome(v1::CLAIM_OUTCOME_HOLDS);
  *experiment.add_claims() = *claim;
  auto* second = experiment.mutable_claims(1);
  second->set_that("nothing survives");
  second->set_measured(0.25);
  second->set_outcome(v1::CLAIM_OUTCOME_FAILS);
  const auto answer = [experiment](const auto&) { return experiment; };
  server_.On<v1::CreateExperimentRequest, v1::Experiment>(
      calls::kCreateExperiment, answer);
  server_.On<v1::GetExperimentRequest, v1::Experiment>(calls::kGetExperiment,
                                                       answer);
  const Outcome outcome = Engram(server_, {"check", "flagship"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(
      outcome.out,
      HasSubstr("claim                   source            expected   "
                "published  measured  outcome\n"
                "every item is recalled  Kleinfeld (1986)  equals 10  -       "
                "         10  holds\n"
                "nothing survives        Kleinfeld (1986)  equals 10  -       "
                "       0.25  FAILS\n"
                "\n1 of 2 claims holds\n"));
}

TEST_F(ResultsVerbsTest, VerifySaysEqualOrWhatDiffers) {
  v1::Verification verification;
  verification.set_name("experiments/k7m2q9xw4p/runs/1/verifications/1");
  verification.set_outcome(v1::Verification::OUTCOME_PENDING);
  server_.On<v1::VerifyRunRequest, v1::Verification>(
      calls::kVerifyRun, [=](const auto&) { return verification; });
  verification.set_outcome(v1::Verification::OUTCOME_EQUAL);
  verification.set_items_compared(1200);
  server_.On<v1::GetVerificationRequest, v1::Verification>(
      calls::kGetVerification, [=](const auto&) { return verification; });
  Outcome outcome = Engram(server_, {"verify", "k7m2/1"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, StartsWith("EQUAL  1,200 items"));
  verification.set_outcome(v1::Verification::OUTCOME_DIFFERENT);
  verification.set_difference("item 17, series weight_norm at trial 4");
  server_.On<v1::GetVerificationRequest, v1::Verification>(
      calls::kGetVerification, [=](const auto&) { return verification; });
  outcome = Engram(server_, {"verify", "k7m2/1"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "DIFFERENT  item 17, series weight_norm at trial 4\n");
}

TEST_F(ResultsVerbsTest, MetricsGiveEveryPointAsCsv) {
  server_.On<v1::ListSeriesRequest, v1::ListSeriesResponse>(
      calls::kListSeries, [](const auto&) {
        v1::ListSeriesResponse response;
        for (const char* name : {"weight_norm", "recall"}) {
          response.add_series()->set_name(name);
          response.mutable_series()->rbegin()->set_x("trial");
        }
        return response;
      });
  server_.On<v1::ReadSeriesRequest, v1::ReadSeriesResponse>(
      calls::kReadSeries, [](const v1::ReadSeriesRequest& request) {
        v1::ReadSeriesResponse response;
        const auto from = request.from_index();
        response.add_x(static_cast<double>(from));
        response.add_values(0.5);
        const bool recall = request.series() == "recall";
        if (recall && from == 1) response.add_absent(0);
        if (from == 0) response.set_next_index(1);
        return response;
      });
  const Outcome outcome = Engram(server_, {"metrics", "k7m2/1", "-o", "csv"});
  EXPECT_EQ(outcome.out,
            "trial,weight_norm,recall\n"
            "0,0.5,0.5\n"
            "1,0.5,\n");
  const Outcome unknown = Engram(server_, {"metrics", "k7m2/1", "recal"});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean recall?"));
}

TEST_F(ResultsVerbsTest, AnArrayComesAsNpy) {
  server_.OnStream<v1::ReadArrayRequest, v1::ReadArrayResponse>(
      calls::kReadArray, [](const v1::ReadArrayRequest&) {
        std::vector<v1::ReadArrayResponse> responses(2);
        auto* manifest = responses[0].mutable_array()->mutable_manifest();
        manifest->set_type(v1::ELEMENT_TYPE_UINT8);
        manifest->set_order(v1::ARRAY_ORDER_COLUMN_MAJOR);
        manifest->add_shape(2);
        manifest->add_shape(2);
        manifest->set_byte_size(4);
        responses[0].set_data("ab");
        responses[1].set_data("cd");
        return responses;
      });
  const Outcome outcome = Engram(
      server_, {"snapshots", "k7m2/1", "-", "--get", "w@20", "-o", "npy"});
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr("'|u1', 'fortran_order': True"));
  EXPECT_EQ(outcome.out.substr(outcome.out.size() - 4), "abcd");
}

TEST_F(ResultsVerbsTest, TheFinalStateIsListedAndFetchedByItsName) {
  server_.On<v1::ListArraysRequest, v1::ListArraysResponse>(
      calls::kListArrays, [](const v1::ListArraysRequest&) {
        v1::ListArraysResponse response;
        response.add_arrays()->set_path("w");
        response.mutable_arrays(0)->set_step(20);
        response.mutable_final_state()->set_path("state");
        response.mutable_final_state()->set_step(-1);
        return response;
      });
  EXPECT_EQ(Engram(server_, {"snapshots", "k7m2/1", "-o", "name"}).out,
            "w@20\nstate@final\n");
  v1::ReadArrayRequest asked;
  server_.OnStream<v1::ReadArrayRequest, v1::ReadArrayResponse>(
      calls::kReadArray, [&](const v1::ReadArrayRequest& request) {
        asked = request;
        std::vector<v1::ReadArrayResponse> responses(1);
        auto* manifest = responses[0].mutable_array()->mutable_manifest();
        manifest->set_type(v1::ELEMENT_TYPE_UINT8);
        manifest->add_shape(2);
        manifest->set_byte_size(2);
        responses[0].set_data("ab");
        return responses;
      });
  const Outcome outcome =
      Engram(server_, {"snapshots", "k7m2/1", "-", "--get", "state@final"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(asked.final_state());
  EXPECT_EQ(asked.path(), "");
}

TEST_F(ResultsVerbsTest, GetWritesWhatARunReadsByItsDigest) {
  const std::string digest(32, '\x0a');
  server_.On<v1::ListInputsRequest, v1::ListInputsResponse>(
      calls::kListInputs, [&](const v1::ListInputsRequest&) {
        v1::ListInputsResponse response;
        response.add_inputs()->set_name("datasets/lab");
        response.mutable_inputs(0)->mutable_manifest()->set_digest(digest);
        return response;
      });
  server_.OnStream<v1::ReadArrayRequest, v1::ReadArrayResponse>(
      calls::kReadArray, [&](const v1::ReadArrayRequest& request) {
        EXPECT_EQ(request.input(), digest);
        std::vector<v1::ReadArrayResponse> responses(1);
        auto* manifest = responses[0].mutable_array()->mutable_manifest();
        manifest->set_type(v1::ELEMENT_TYPE_UINT8);
        manifest->add_shape(2);
        manifest->set_byte_size(2);
        responses[0].set_data("ab");
        return responses;
      });
  const std::string folder = testing::TempDir() + "/engram-inputs";
  const Outcome outcome =
      Engram(server_, {"get", "k7m2/1", "--tree", "--inputs", folder});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("datasets/lab"));
  std::string name;
  for (int i = 0; i < 32; ++i) name += "0a";
  std::ifstream file(folder + "/" + name + ".npy", std::ios::binary);
  const std::string npy((std::istreambuf_iterator<char>(file)),
                        std::istreambuf_iterator<char>());
  EXPECT_THAT(npy, testing::EndsWith("ab"));
  std::filesystem::remove_all(folder);
  EXPECT_EQ(Engram(server_, {"get", "k7m2", "--inputs", folder}).code, 2);
}

TEST_F(ResultsVerbsTest, CompareGroupsOverSeeds) {
  const Outcome outcome = Engram(server_, {"compare", "k7m2"});
  EXPECT_EQ(outcome.out,
            "                        1 run        2 runs\n"
            "experiment.rule.type  hebbian     stdp_rate\n"
            "sequence_length             1  9.5 ± 0.7071\n");
}

TEST_F(ResultsVerbsTest, WhatARunFoundComesInTheCataloguesOrder) {
  server_.On<v1::ListComponentTypesRequest, v1::ListComponentTypesResponse>(
      calls::kListComponentTypes, [](const auto&) {
        v1::ListComponentTypesResponse catalog;
        v1::ComponentType* program = catalog.add_component_types();
        program->add_outputs()->set_name("sequence_length");
        program->add_outputs()->set_name("cell_flow");
        return catalog;
      });
  server_.On<v1::GetRunRequest, v1::Run>(calls::kGetRun, [](const auto&) {
    v1::Run run = ARun(0, v1::RUN_STATE_SUCCEEDED, "hebbian", 7);
    (*run.mutable_summary())["cell_flow"].set_value(3);
    return run;
  });
  const Outcome outcome = Engram(server_, {"get", "k7m2/0"});
  EXPECT_THAT(outcome.out,
              testing::ContainsRegex("sequence_length +7[^_]*\ncell_flow +3"));
}

TEST_F(ResultsVerbsTest, CompareSetsRunsSideBySide) {
  const Outcome outcome = Engram(server_, {"compare", "k7m2/0", "k7m2/1"});
  EXPECT_EQ(outcome.out,
            "                      k7m2q9xw4p/0  k7m2q9xw4p/1\n"
            "experiment.rule.type       hebbian     stdp_rate\n"
            "seed                             1             2\n"
            "sequence_length                  1            10\n");
}

}  // namespace
}  // namespace engram::cli
