#include "server/worker/attempt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/base/contract.h"
#include "tests/server/worker/attempt_test.h"
#include "tests/server/worker/stored_array.h"

namespace engram {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(AttemptTest, SucceedsWithResultAndUsage) {
  const v1::Finished end = Execute([](int64_t) { return absl::OkStatus(); });
  EXPECT_EQ(end.state(), v1::RUN_STATE_SUCCEEDED);
  EXPECT_EQ(end.result_hash(), "r1:fake");
  EXPECT_EQ(end.item_count(), 10) << "one log line a tick";
  EXPECT_GT(end.cpu_seconds(), 0);
  EXPECT_GT(end.peak_memory_bytes(), 1 << 20);
  EXPECT_FALSE(end.has_error());
}

TEST_F(AttemptTest, TellsProgressWithRateAndTimeLeft) {
  Execute([this](int64_t) {
    now_ += 100ms;
    return absl::OkStatus();
  });
  ASSERT_TRUE(messages_.front().has_live()) << "told before the end";
  const v1::Progress& progress = messages_.front().live().progress();
  EXPECT_EQ(progress.tick(), 10);
  EXPECT_EQ(progress.total(), 10);
  EXPECT_EQ(progress.tick_name(), "tick");
  EXPECT_NEAR(progress.ticks_per_second(), 10, 1e-9);
  EXPECT_EQ(progress.remaining().seconds(), 0);
}

TEST_F(AttemptTest, AnExceptionEndsTheRunNotTheWorker) {
  const v1::Finished end = Execute([](int64_t tick) -> absl::Status {
    if (tick == 3) ENGRAM_EXPECT(tick < 3);
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_FAILED);
  EXPECT_EQ(end.error().reason(), "INTERNAL");
  EXPECT_THAT(end.error().message(), HasSubstr("tick < 3"));
  EXPECT_EQ(end.item_count(), 2) << "what was recorded before is kept";
}

TEST_F(AttemptTest, WhatIsNoExceptionIsCaughtToo) {
  const v1::Finished end =
      Execute([](int64_t) -> absl::Status { throw 42; });  // NOLINT
  EXPECT_EQ(end.error().reason(), "INTERNAL");
  EXPECT_THAT(end.error().message(), HasSubstr("no std::exception"));
}

TEST_F(AttemptTest, ADivergedRunSaysWhere) {
  const v1::Finished end = Execute([](int64_t) {
    return absl::OutOfRangeError("rule.weights is not finite at trial 1");
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_FAILED);
  EXPECT_EQ(end.error().reason(), "DIVERGED");
  EXPECT_EQ(end.error().message(), "rule.weights is not finite at trial 1");
}

TEST_F(AttemptTest, AnArrayThatTheRunCannotUseIsAFaultOfItsInput) {
  for (const absl::Status& status :
       {absl::NotFoundError("the saved state has no array rule.weight"),
        absl::InvalidArgumentError("system.weights has shape (3, 2)")}) {
    const v1::Finished end = Execute([&](int64_t) { return status; });
    EXPECT_EQ(end.state(), v1::RUN_STATE_FAILED);
    EXPECT_EQ(end.error().reason(), "INPUT");
    EXPECT_EQ(end.error().message(), status.message());
  }
}

TEST_F(AttemptTest, StopEndsItCancelled) {
  const v1::Finished end = Execute([this](int64_t tick) {
    if (tick == 2) stop_.Cancel();
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_CANCELLED);
  EXPECT_LT(end.item_count(), 10);
}

TEST_F(AttemptTest, AStopThatComesWithTheLastTickIsTooLate) {
  const v1::Finished end = Execute([this](int64_t tick) {
    if (tick == 10) stop_.Cancel();
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_SUCCEEDED);
}

TEST_F(AttemptTest, TimesOutBetweenTicks) {
  assignment_.mutable_resources()->mutable_time()->set_seconds(2);
  const v1::Finished end = Execute([this](int64_t) {
    now_ += 1s;
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_TIMED_OUT);
  EXPECT_EQ(end.item_count(), 2);
  EXPECT_THAT(end.error().message(), HasSubstr("tick 2 of 10"));
}

TEST_F(AttemptTest, WithoutATimeLimitItTakesItsTime) {
  const v1::Finished end = Execute([this](int64_t) {
    now_ += 100h;
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_SUCCEEDED);
}

TEST_F(AttemptTest, AStoreThatRefusesEndsTheRun) {
  keeper_.answer = absl::ResourceExhaustedError("the disk is nearly full");
  const v1::Finished end = Execute(Context(
      [](const v1::RunAssignment&,
         engram::Context) -> absl::StatusOr<std::unique_ptr<Simulation>> {
        return std::make_unique<ArraySimulation>();
      }));
  EXPECT_EQ(end.error().reason(), "STORAGE");
  EXPECT_THAT(end.error().message(), HasSubstr("nearly full"));
}

TEST_F(AttemptTest, ARunHearsOfARefusalWhileItRuns) {
  keeper_.answer = absl::ResourceExhaustedError("the disk is nearly full");
  int64_t last_tick = 0;
  const v1::Finished end = Execute([&](int64_t tick) {
    last_tick = tick;
    if (tick == 1) {
      Upload upload;
      upload.bytes = *spool_->Add("an array", Spool::Room::kWait);
      v1::WorkerEvent event;
      *event.mutable_key() = assignment_.key();
      EXPECT_TRUE(outbox_.Put(event, std::move(upload)).ok());
      UploadAll();
    }
    return absl::OkStatus();
  });
  EXPECT_EQ(end.error().reason(), "STORAGE");
  EXPECT_LT(last_tick, 10);
}

TEST_F(AttemptTest, ARunIsMadeWithTheArraysThatItReads) {
  const v1::ArrayManifest manifest = StoreArray({1, 2, 3}, keeper_);
  *assignment_.add_inputs() = manifest;
  size_t bytes = 0;
  const v1::Finished end =
      Execute(Context([&](const v1::RunAssignment&, engram::Context context)
                          -> absl::StatusOr<std::unique_ptr<Simulation>> {
        const auto array =
            context.inputs.Get(absl::BytesToHexString(manifest.digest()));
        if (!array.ok()) return array.status();
        bytes = array->bytes.size();
        return std::make_unique<ArraySimulation>();
      }));
  EXPECT_EQ(end.state(), v1::RUN_STATE_SUCCEEDED) << end.DebugString();
  EXPECT_EQ(bytes, 24u);
}

TEST_F(AttemptTest, AnArrayThatIsMissingOrDamagedEndsTheRunAsInput) {
  *assignment_.add_inputs() = StoreArray({1, 2, 3}, keeper_);
  for (const absl::Status& answer :
       {absl::NotFoundError("there is no chunk 0a"),
        absl::DataLossError("chunk 0a does not match")}) {
    messages_.clear();
    keeper_.fetch_answer = answer;
    const v1::Finished end = Execute([](int64_t) { return absl::OkStatus(); });
    EXPECT_EQ(end.state(), v1::RUN_STATE_FAILED);
    EXPECT_EQ(end.error().reason(), "INPUT");
    EXPECT_THAT(end.error().message(), HasSubstr("chunk 0a"));
    EXPECT_THAT(end.error().message(),
                HasSubstr("an array that the run reads"));
  }
}

TEST_F(AttemptTest, ACancelWhileItsArraysAreFetchedIsNoFault) {
  *assignment_.add_inputs() = StoreArray({1, 2, 3}, keeper_);
  stop_.Cancel();
  EXPECT_EQ(Execute([](int64_t) { return absl::OkStatus(); }).state(),
            v1::RUN_STATE_CANCELLED);
}

TEST_F(AttemptTest, ATreeThatTheBuildDoesNotKnowIsInvalid) {
  const v1::Finished end = Execute(Context(
      [](const v1::RunAssignment&,
         engram::Context) -> absl::StatusOr<std::unique_ptr<Simulation>> {
        return absl::InvalidArgumentError("there is no rule heban");
      }));
  EXPECT_EQ(end.error().reason(), "INVALID");
  EXPECT_EQ(end.error().message(), "there is no rule heban");
}

// Sanitizers reserve address space beyond any limit.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_F(AttemptTest, TooMuchMemoryEndsTheRunWithLimitAndPeak) {
  assignment_.mutable_resources()->set_memory_bytes(32 << 20);
  std::vector<std::unique_ptr<char[]>> hoard;
  const v1::Finished end = Execute([&](int64_t) {
    // 10 x 64 MiB, against 32 MiB and what the outbox may hold.
    hoard.push_back(std::make_unique_for_overwrite<char[]>(64 << 20));
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_FAILED);
  EXPECT_EQ(end.error().reason(), "MEMORY");
  EXPECT_THAT(end.error().message(), HasSubstr("limit of 33.6 MB"));
  EXPECT_THAT(end.error().message(), HasSubstr("largest resident size"));
  EXPECT_LT(hoard.size(), 4u);
  // The limit ended with the attempt.
  EXPECT_NO_THROW(std::make_unique_for_overwrite<char[]>(512 << 20));
}

TEST_F(AttemptTest, EnoughMemoryIsEnough) {
  assignment_.mutable_resources()->set_memory_bytes(128 << 20);
  std::unique_ptr<char[]> block;
  const v1::Finished end = Execute([&](int64_t) {
    block = std::make_unique_for_overwrite<char[]>(64 << 20);
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_SUCCEEDED);
}
#endif

TEST_F(AttemptTest, PeakIsThatOfTheAttemptAlone) {
  constexpr int64_t kBytes = 64 << 20;
  const v1::Finished large = Execute([](int64_t tick) {
    if (tick > 1) return absl::OkStatus();
    const std::vector<char> block(kBytes, 'x');
    return block[12345] == 'x' ? absl::OkStatus() : absl::InternalError("");
  });
  EXPECT_GT(large.peak_memory_bytes(), kBytes);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  messages_.clear();
  const v1::Finished small = Execute([](int64_t) { return absl::OkStatus(); });
  EXPECT_LT(small.peak_memory_bytes(), large.peak_memory_bytes() - kBytes / 2);
#endif
}

TEST_F(AttemptTest, OneThatNeverBeganEndsAsItWasAsked) {
  v1::Stop stop;
  *stop.mutable_key() = assignment_.key();
  EXPECT_EQ(StoppedBeforeBegun(stop).key().attempt(),
            assignment_.key().attempt());
  EXPECT_EQ(StoppedBeforeBegun(stop).finished().state(),
            v1::RUN_STATE_CANCELLED);
  stop.set_yield(true);
  EXPECT_EQ(StoppedBeforeBegun(stop).finished().state(), v1::RUN_STATE_QUEUED);
}

}  // namespace
}  // namespace engram
