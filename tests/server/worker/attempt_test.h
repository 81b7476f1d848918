#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "server/worker/attempt.h"
#include "server/worker/uploader.h"
#include "tests/server/worker/fake_keeper.h"
#include "tests/server/worker/fake_simulation.h"
#include "tests/server/worker/test_spool.h"

namespace engram {

// Executes one attempt, with a clock that stands unless a tick moves it.
class AttemptTest : public testing::Test {
 protected:
  AttemptTest() {
    assignment_.mutable_key()->set_attempt("experiments/e/runs/1/attempts/1");
    assignment_.mutable_resources()->set_cpus(1);
  }

  AttemptContext Context(MakeSimulation make) {
    return {.make = std::move(make),
            .outbox = outbox_,
            .chunks = keeper_,
            .inputs = inputs_,
            .now = [this] { return now_; },
            .cadence = cadence_};
  }

  // Executes a run of ten ticks in each of which `tick` is called.
  v1::Finished Execute(std::function<absl::Status(int64_t)> tick) {
    return Execute(Context([=, this](const v1::RunAssignment&, engram::Context)
                               -> absl::StatusOr<std::unique_ptr<Simulation>> {
      return std::make_unique<FakeSimulation>(10, tick, state_padding_);
    }));
  }

  v1::Finished Execute(const AttemptContext& context) {
    ExecuteAttempt(assignment_, context, stop_);
    UploadAll();
    while (auto message = outbox_.Next(std::chrono::milliseconds(0)))
      messages_.push_back(*message);
    events_.clear();
    for (const v1::FromWorker& message : messages_) {
      if (message.has_event()) events_.push_back(message.event());
    }
    EXPECT_GE(events_.size(), 2u);
    EXPECT_TRUE(events_.front().has_begun());
    EXPECT_TRUE(events_.back().has_finished());
    return events_.back().finished();
  }

  void UploadAll() {
    while (uploader_.UploadPending()) {
    }
  }

  v1::RunAssignment assignment_;
  TestSpool spool_;
  Outbox outbox_{spool_};
  FakeKeeper keeper_;
  InputCache inputs_{spool_.folder().path(), keeper_};
  Uploader uploader_{outbox_, keeper_};
  StopOrder stop_;
  Cadence::Timing cadence_;
  size_t state_padding_ = 0;
  std::vector<v1::WorkerEvent> events_;
  std::chrono::steady_clock::time_point now_;
  std::vector<v1::FromWorker> messages_;
};

}  // namespace engram
