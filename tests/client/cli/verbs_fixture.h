#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "client/cli/names.h"
#include "gtest/gtest.h"
#include "tests/client/cli/lab.h"

namespace engram::cli {

inline std::vector<v1::Run> ThreeRuns() {
  return {ARun(0, v1::RUN_STATE_SUCCEEDED, "hebbian", 1),
          ARun(1, v1::RUN_STATE_SUCCEEDED, "stdp_rate", 10),
          ARun(2, v1::RUN_STATE_SUCCEEDED, "stdp_rate", 9)};
}

// A server that has AnExperiment and ThreeRuns, and takes changes.
class VerbsTest : public testing::Test {
 protected:
  VerbsTest() {
    server_.On<v1::GetExperimentRequest, v1::Experiment>(
        calls::kGetExperiment,
        [](const v1::GetExperimentRequest& request)
            -> absl::StatusOr<v1::Experiment> {
          if (!absl::StartsWith(request.name(), "experiments/k7m2")) {
            return absl::NotFoundError("no experiment " + request.name());
          }
          return AnExperiment();
        });
    server_.On<v1::CreateExperimentRequest, v1::Experiment>(
        calls::kCreateExperiment,
        [](const v1::CreateExperimentRequest&) { return AnExperiment(); });
    server_.On<v1::ListExperimentsRequest, v1::ListExperimentsResponse>(
        calls::kListExperiments, [](const v1::ListExperimentsRequest&) {
          v1::ListExperimentsResponse response;
          *response.add_experiments() = AnExperiment();
          response.set_total_size(1);
          return response;
        });
    server_.On<v1::ListRunsRequest, v1::ListRunsResponse>(
        calls::kListRuns, [](const v1::ListRunsRequest& request) {
          // Two pages, of two runs and of one.
          v1::ListRunsResponse response;
          const auto runs = ThreeRuns();
          if (request.page_token().empty()) {
            *response.add_runs() = runs[0];
            *response.add_runs() = runs[1];
            response.set_next_page_token("more");
          } else {
            *response.add_runs() = runs[2];
          }
          response.set_total_size(3);
          return response;
        });
    server_.On<v1::GetRunRequest, v1::Run>(
        calls::kGetRun, [](const v1::GetRunRequest& request) {
          const std::string number = RunNumber(request.name());
          return ThreeRuns()[static_cast<size_t>(std::stoi(number))];
        });
  }

  // Answers a watch with the end of every run, then DONE.
  void EndRuns(std::vector<v1::Run> runs) {
    server_.OnStream<v1::WatchRequest, v1::WatchResponse>(
        calls::kWatch, [runs](const v1::WatchRequest&) {
          std::vector<v1::WatchResponse> responses(2);
          for (const v1::Run& run : runs) {
            auto* event = responses[0].add_events();
            event->set_parent(run.name());
            *event->mutable_state()->mutable_run() = run;
          }
          responses[0].set_bookmark(17);
          responses[1].set_bookmark(17);
          responses[1].set_end(v1::WatchResponse::END_DONE);
          return responses;
        });
  }

  FakeServer server_;
};

}  // namespace engram::cli
