#include "server/worker/event_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "server/array/manifest.h"
#include "tests/server/worker/fake_keeper.h"

namespace engram {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const SeriesInfo kNorm{"weight_norm", "1", "trial", "1"};
const SeriesInfo kRate{"rate", "Hz", "trial", "1"};

class EventRecorderTest : public testing::Test {
 protected:
  EventRecorder Recorder(bool verify = false) {
    v1::AttemptKey key;
    key.set_attempt("experiments/e/runs/1/attempts/1");
    key.set_fencing_token(7);
    return {key, verify, outbox_, keeper_, [this] { return now_; }};
  }

  std::vector<v1::FromWorker> Sent() {
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

  Outbox outbox_;
  FakeKeeper keeper_;
  std::chrono::steady_clock::time_point now_;
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
  recorder.Spikes("excitatory", steps, units);
  recorder.Flush();
  const std::vector<v1::Item> items = Items();
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].spikes().steps_size(), 3000);
  EXPECT_EQ(items[2].spikes().units_size(), 1000);
  EXPECT_EQ(items[2].spikes().population(), "excitatory");
}

TEST_F(EventRecorderTest, KeepsAnArraysChunksBeforeItNamesThem) {
  EventRecorder recorder = Recorder();
  const std::vector<double> values = {1, 2, 3};
  const ArrayView array{
      .shape = {3}, .unit = "1", .bytes = std::as_bytes(std::span(values))};
  recorder.Array("rule.weights", 10, array);
  recorder.Flush();
  const std::vector<v1::Item> items = Items();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].array().path(), "rule.weights");
  EXPECT_EQ(items[0].array().step(), 10);
  EXPECT_TRUE(CheckManifest(items[0].array().manifest()).ok());
  EXPECT_TRUE(keeper_.digests.contains(items[0].array().manifest().chunks(0)));
}

TEST_F(EventRecorderTest, AVerificationNamesArraysWithoutKeepingThem) {
  const std::vector<double> values = {1, 2, 3};
  const ArrayView array{
      .shape = {3}, .unit = "1", .bytes = std::as_bytes(std::span(values))};
  std::vector<std::string> bytes;
  for (const bool verify : {false, true}) {
    keeper_.digests.clear();
    EventRecorder recorder = Recorder(verify);
    recorder.Array("rule.weights", -1, array);
    recorder.Flush();
    bytes.push_back(Items().at(0).SerializeAsString());
    EXPECT_EQ(keeper_.digests.empty(), verify);
  }
  EXPECT_EQ(bytes[0], bytes[1]);
}

TEST_F(EventRecorderTest, NothingFollowsAnArrayThatCouldNotBeKept) {
  EventRecorder recorder = Recorder();
  const std::vector<double> values = {1};
  keeper_.answer = absl::ResourceExhaustedError("the disk is nearly full");
  recorder.Log(LogLevel::kInfo, "before");
  recorder.Array(
      "w", 1,
      {.shape = {1}, .unit = "1", .bytes = std::as_bytes(std::span(values))});
  recorder.Log(LogLevel::kInfo, "after");
  recorder.Flush();
  EXPECT_EQ(recorder.status(), keeper_.answer);
  EXPECT_EQ(recorder.item_count(), 1);
  EXPECT_EQ(Items().size(), 1u);
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
