#include "server/worker/event_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/array/manifest.h"
#include "server/worker/uploader.h"
#include "tests/server/worker/fake_keeper.h"
#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const SeriesInfo kNorm{"weight_norm", "1", "trial", "1"};
const SeriesInfo kRate{"rate", "Hz", "trial", "1"};

class EventRecorderTest : public testing::Test {
 protected:
  EventRecorder Recorder(bool verify = false, int64_t item_count = 0) {
    v1::AttemptKey key;
    key.set_attempt("experiments/e/runs/1/attempts/1");
    key.set_fencing_token(7);
    return {key, item_count, verify, outbox_, [this] { return now_; }};
  }

  std::vector<v1::FromWorker> Sent() {
    while (uploader_.UploadPending()) {
    }
    std::vector<v1::FromWorker> messages;
    while (auto message = outbox_.Next(0ms)) messages.push_back(*message);
    return messages;
  }

  // All items in the order sent; checks that ordinals have no gap.
  std::vector<v1::Item> Items() {
    std::vector<v1::Item> items;
    for (const v1::FromWorker& message : Sent()) {
      const v1::Items& some = message.event().items();
      EXPECT_EQ(some.first_ordinal(), static_cast<int64_t>(items.size()) + 1);
      items.insert(items.end(), some.items().begin(), some.items().end());
      EXPECT_LT(message.ByteSizeLong(), 64u << 10);
    }
    return items;
  }

  TestSpool spool_;
  Outbox outbox_{spool_};
  FakeKeeper keeper_;
  Uploader uploader_{outbox_, keeper_};
  std::chrono::steady_clock::time_point now_;
  const std::vector<double> values_ = {1, 2, 3};
  const ArrayView array_{
      .shape = {3}, .unit = "1", .bytes = std::as_bytes(std::span(values_))};
};

TEST_F(EventRecorderTest, KeepsTheOrderOfCalls) {
  EventRecorder recorder = Recorder();
  recorder.Point(kNorm, 1, Measured::Of(0.5));
  recorder.Log(LogLevel::kWarning, "dim");
  recorder.Summary("length", "1", Measured::Absent("no item was active"));
  recorder.Point(kNorm, 2, Measured::Of(0.25));
  recorder.Flush();
  const std::vector<v1::Item> items = Items();
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(recorder.item_count(), 4);
  EXPECT_EQ(items[0].point().value(), 0.5);
  EXPECT_EQ(items[1].log().level(), "warning");
  EXPECT_EQ(items[1].log().text(), "dim");
  EXPECT_EQ(items[2].summary().absent_reason(), "no item was active");
  EXPECT_EQ(items[3].point().x(), 2);
}

TEST_F(EventRecorderTest, EventsCarryTheFencingToken) {
  EventRecorder recorder = Recorder();
  recorder.Log(LogLevel::kInfo, "a");
  recorder.Flush();
  EXPECT_EQ(Sent().at(0).event().key().fencing_token(), 7);
}

TEST_F(EventRecorderTest, DeclaresASeriesWithItsFirstPoint) {
  EventRecorder recorder = Recorder();
  for (const SeriesInfo& series : {kNorm, kRate, kNorm, kRate}) {
    recorder.Point(series, 1, Measured::Of(1));
  }
  recorder.Flush();
  const std::vector<v1::Item> items = Items();
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[1].point().declared().name(), "rate");
  EXPECT_EQ(items[1].point().declared().unit(), "Hz");
  EXPECT_FALSE(items[2].point().has_declared());
  EXPECT_EQ(items[2].point().series(), items[0].point().series());
  EXPECT_NE(items[3].point().series(), items[0].point().series());
}

TEST_F(EventRecorderTest, TheSameCallsMakeTheSameItemsHoweverTheyAreFlushed) {
  const auto record = [&](int flush_every) {
    EventRecorder recorder = Recorder();
    for (int i = 0; i < 5000; ++i) {
      recorder.Point(i % 2 == 0 ? kNorm : kRate, i, Measured::Of(i));
      if (i % flush_every == 0) recorder.Flush();
    }
    recorder.Flush();
    std::string bytes;
    for (const v1::Item& item : Items()) bytes += item.SerializeAsString();
    return bytes;
  };
  const std::string once = record(100000);
  EXPECT_EQ(once, record(1));
  EXPECT_EQ(once, record(7));
}

TEST_F(EventRecorderTest, CutsSpikesAtABoundThatDependsOnThemAlone) {
  EventRecorder recorder = Recorder();
  std::vector<int64_t> steps(7000, int64_t{1} << 62);
  std::vector<int32_t> units(7000, 1 << 30);
  recorder.Spikes({"excitatory", 1 << 30, 0.1}, steps, units);
  recorder.Flush();
  const std::vector<v1::Item> items = Items();
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].spikes().steps_size(), 3000);
  EXPECT_EQ(items[2].spikes().units_size(), 1000);
  EXPECT_EQ(items[2].spikes().population(), "excitatory");
  EXPECT_EQ(items[2].spikes().unit_count(), 1 << 30);
  EXPECT_EQ(items[2].spikes().dt(), 0.1);
}

TEST_F(EventRecorderTest, GoesOnFromTheItemsRecordedBefore) {
  EventRecorder recorder = Recorder(/*verify=*/false, /*item_count=*/41);
  recorder.Point(kNorm, 1, Measured::Of(1));
  recorder.Flush();
  EXPECT_EQ(recorder.item_count(), 42);
  const v1::Items items = Sent().at(0).event().items();
  EXPECT_EQ(items.first_ordinal(), 42);
  EXPECT_TRUE(items.items(0).point().has_declared())
      << "an attempt declares its series again";
}

TEST_F(EventRecorderTest, AnArraysChunksAreKeptBeforeItIsNamed) {
  EventRecorder recorder = Recorder();
  recorder.Log(LogLevel::kInfo, "before");
  recorder.Array("rule.weights", 10, array_);
  recorder.Log(LogLevel::kInfo, "after");
  recorder.Flush();
  EXPECT_FALSE(outbox_.Next(0ms)) << "neither waits for the uploader";
  const std::vector<v1::Item> items = Items();
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].log().text(), "before");
  const v1::ArrayItem& array = items[1].array();
  EXPECT_EQ(array.path(), "rule.weights");
  EXPECT_EQ(array.step(), 10);
  EXPECT_TRUE(CheckManifest(array.manifest()).ok());
  EXPECT_EQ(keeper_.Bytes(array.manifest().chunks()),
            std::string(reinterpret_cast<const char*>(values_.data()), 24));
}

TEST_F(EventRecorderTest, AVerificationNamesArraysWithoutKeepingThem) {
  std::vector<std::string> bytes;
  for (const bool verify : {false, true}) {
    keeper_.chunks.clear();
    EventRecorder recorder = Recorder(verify);
    recorder.Array("rule.weights", -1, array_);
    recorder.Flush();
    bytes.push_back(Items().at(0).SerializeAsString());
    EXPECT_EQ(keeper_.chunks.empty(), verify);
  }
  EXPECT_EQ(bytes[0], bytes[1]);
}

TEST_F(EventRecorderTest, NothingFollowsAnArrayThatTheStoreRefused) {
  EventRecorder recorder = Recorder();
  keeper_.answer = absl::ResourceExhaustedError("the disk is nearly full");
  recorder.Log(LogLevel::kInfo, "before");
  recorder.Flush();
  recorder.Array("w", 1, array_);
  EXPECT_EQ(Items().size(), 1u);
  recorder.Log(LogLevel::kInfo, "after");
  recorder.Flush();
  EXPECT_EQ(recorder.status(), keeper_.answer);
  EXPECT_TRUE(Sent().empty());
}

ssize_t WriteToFullDisk(int, const void*, size_t, off_t) {
  errno = ENOSPC;
  return -1;
}

TEST_F(EventRecorderTest, NothingFollowsAnArrayThatDidNotFitIntoTheSpool) {
  TestSpool full(
      {.memory_bytes = 200, .patience = 1ms, .write = WriteToFullDisk});
  Outbox outbox(full);
  EventRecorder recorder({}, 0, false, outbox, [this] { return now_; });
  recorder.Log(LogLevel::kInfo, "before");
  const std::vector<double> large(100);
  recorder.Array(
      "w", 1,
      {.shape = {100}, .unit = "1", .bytes = std::as_bytes(std::span(large))});
  recorder.Log(LogLevel::kInfo, "after");
  recorder.Flush();
  EXPECT_THAT(std::string(recorder.status().message()),
              testing::HasSubstr(full.folder().path()));
  const v1::Items items = outbox.Next(0ms)->event().items();
  ASSERT_EQ(items.items_size(), 1);
  EXPECT_EQ(items.items(0).log().text(), "before");
  EXPECT_EQ(recorder.item_count(), 1);
  EXPECT_FALSE(outbox.Next(0ms));
}

TEST_F(EventRecorderTest, LongLogLinesAreCutBetweenCharacters) {
  EventRecorder recorder = Recorder();
  std::string text(EventRecorder::kLogBytes - 1, 'x');
  text += "\xce\xb1\xce\xb1";  // two Greek alphas
  recorder.Log(LogLevel::kInfo, text);
  recorder.Flush();
  EXPECT_EQ(Items().at(0).log().text(),
            std::string(EventRecorder::kLogBytes - 1, 'x'));
}

TEST_F(EventRecorderTest, LiveReportsAreThinnedForEachName) {
  EventRecorder recorder = Recorder();
  int sent = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    recorder.Live("rates", std::vector<double>{1});
    recorder.ReportProgress({}, /*is_last=*/false);
    sent += static_cast<int>(Sent().size());
    now_ += 1ms;
  }
  EXPECT_EQ(sent, 2 * 20);
  EXPECT_EQ(recorder.item_count(), 0) << "live reports have no ordinal";
}

TEST_F(EventRecorderTest, ActivityIsAPictureTenTimesASecond) {
  EventRecorder recorder = Recorder();
  const PopulationInfo population{"excitatory", 10000, 0.1};
  std::vector<v1::Activity> pictures;
  int64_t bytes = 0;
  std::vector<int32_t> units(10000);
  std::iota(units.begin(), units.end(), 0);
  for (int64_t step = 0; step < 1000; ++step) {  // each takes a millisecond
    const std::vector<int64_t> steps(units.size(), step);
    recorder.Activity(population, step, step + 1, steps, units);
    for (const v1::FromWorker& message : Sent()) {
      bytes += static_cast<int64_t>(message.ByteSizeLong());
      EXPECT_EQ(message.live().name(), "activity/excitatory");
      pictures.push_back(message.live().activity());
    }
    now_ += 1ms;
  }
  ASSERT_EQ(pictures.size(), 10u);
  EXPECT_LT(bytes, 20'000) << "ten million spikes";
  for (size_t i = 1; i < pictures.size(); ++i) {
    EXPECT_EQ(pictures[i].begin_step(), pictures[i - 1].end_step());
  }
  EXPECT_EQ(recorder.item_count(), 0) << "a preview has no ordinal";
}

TEST_F(EventRecorderTest, PopulationsBeyondABoundHaveNoPreview) {
  EventRecorder recorder = Recorder();
  for (int i = 0; i < 20; ++i) {
    recorder.Activity({absl::StrCat("p", i), 10, 0.1}, 0, 1, {}, {});
  }
  EXPECT_EQ(Sent().size(), EventRecorder::kMostPopulations);
}

TEST_F(EventRecorderTest, TheLastProgressIsAlwaysTold) {
  EventRecorder recorder = Recorder();
  for (int64_t tick = 1; tick <= 3; ++tick) {
    v1::Progress progress;
    progress.set_tick(tick);
    recorder.ReportProgress(progress, /*is_last=*/tick == 3);
  }
  EXPECT_EQ(Sent().back().live().progress().tick(), 3);
}

TEST_F(EventRecorderTest, SaysWhenTheServerIsGone) {
  EventRecorder recorder = Recorder();
  outbox_.Close();
  recorder.Log(LogLevel::kInfo, "a");
  recorder.Flush();
  EXPECT_EQ(recorder.status().code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace engram
