#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "running_server.h"
#include "server/rpc/event_meter.h"
#include "server/rpc/metrics_page.h"
#include "server/store/store.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string PageOf(const Figures& figures, const EventMeter& meter = {}) {
  return MetricsPage(figures, meter);
}

store::StoredEvent StateEvent(const std::string& to) {
  store::StoredEvent event;
  event.payload.mutable_state()->set_to_state(to);
  return event;
}

store::StoredEvent AttemptEvent(const std::string& end_state,
                                const std::string& reason) {
  store::StoredEvent event;
  event.payload.mutable_attempt()->set_end_state(end_state);
  event.payload.mutable_attempt()->set_error_reason(reason);
  return event;
}

TEST(MetricsPageTest, HistogramsAreCumulative) {
  Figures figures;
  figures.store.commit_seconds = {
      .buckets = {{0.001, 2}, {0.01, 3}}, .count = 6, .sum_s = 1.5};
  EXPECT_THAT(
      PageOf(figures),
      AllOf(HasSubstr("commit_duration_seconds_bucket{le=\"0.001\"} 2\n"),
            HasSubstr("commit_duration_seconds_bucket{le=\"0.01\"} 5\n"),
            HasSubstr("commit_duration_seconds_bucket{le=\"+Inf\"} 6\n"),
            HasSubstr("commit_duration_seconds_sum 1.5\n"),
            HasSubstr("commit_duration_seconds_count 6\n")));
}

TEST(MetricsPageTest, EachLabelOfAFamilyStandsUnderOneHeading) {
  Figures figures;
  figures.queue.runs = {{RunState::kQueued, 7}, {RunState::kRunning, 2}};
  const std::string page = PageOf(figures);
  EXPECT_THAT(page, AllOf(HasSubstr("engram_runs{state=\"queued\"} 7\n"),
                          HasSubstr("engram_runs{state=\"running\"} 2\n")));
  const size_t first = page.find("# TYPE engram_runs gauge");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(page.find("# TYPE engram_runs gauge", first + 1),
            std::string::npos);
}

TEST(MetricsPageTest, TheOldestWaitIsCountedFromNowAndNeverNegative) {
  Figures figures;
  figures.now_us = 10'000'000;
  EXPECT_THAT(PageOf(figures), HasSubstr("oldest_wait_seconds 0\n"));
  figures.queue.oldest_wait_us = 7'500'000;
  EXPECT_THAT(PageOf(figures), HasSubstr("oldest_wait_seconds 2.5\n"));
  figures.queue.oldest_wait_us = 99'000'000;  // the clock was set back
  EXPECT_THAT(PageOf(figures), HasSubstr("oldest_wait_seconds 0\n"));
}

TEST(MetricsPageTest, WithoutABackupThereIsNoTimeOfOne) {
  Figures figures;
  EXPECT_THAT(PageOf(figures), Not(HasSubstr("engram_last_backup")));
  figures.last_backup_us = 1'500'000;
  EXPECT_THAT(PageOf(figures),
              HasSubstr("engram_last_backup_timestamp_seconds 1.5\n"));
}

TEST(EventMeterTest, CountsChangesAttemptsAndCalls) {
  EventMeter meter;
  meter.Committed({StateEvent("queued"), StateEvent("queued"),
                   AttemptEvent("", ""),  // has only begun
                   AttemptEvent("failed", "WORKER_DIED"),
                   AttemptEvent("succeeded", "")});
  meter.CallEnded("engram.v1.Runs.GetRun", absl::OkStatus(), 0.002);
  meter.CallEnded("engram.v1.Runs.GetRun", absl::NotFoundError("no"), -1);
  meter.CallEnded("engram.v1.Runs.GetRun", absl::UnauthenticatedError("no"), 0);
  const std::string page = PageOf({}, meter);
  for (const char* line :
       {"engram_events_stored_total 5\n",
        "engram_run_changes_total{state=\"queued\"} 2\n",
        "engram_attempts_ended_total{cause=\"worker_died\"} 1\n",
        "engram_attempts_ended_total{cause=\"succeeded\"} 1\n",
        "engram_authentication_failures_total 1\n",
        "engram_call_duration_seconds_count{method=\"engram.v1.Runs.GetRun\"} "
        "3\n"}) {
    EXPECT_THAT(page, HasSubstr(line));
  }
  EXPECT_THAT(page, HasSubstr("code=\"NOT_FOUND\""));
}

TEST(MetricsCallTest, NeedsATokenAndShowsWhatHappened) {
  RunningServer running;
  EXPECT_EQ(running.server().Metrics(std::nullopt, 0).status().code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(running.server()
                .Metrics("Bearer " + running.MakeWorkerToken(), 0)
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
  const std::string viewer = running.MakeToken("zoe7", v1::SCOPE_VIEWER);
  const auto page = running.server().Metrics("Bearer " + viewer, 3);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(*page, AllOf(HasSubstr("method=\"engram.v1.Admin.CreateToken\""),
                           HasSubstr("engram_authentication_failures_total 1"),
                           HasSubstr("engram_http_connections 3\n"),
                           HasSubstr("engram_cpus 2\n"),
                           HasSubstr("engram_build_info{version=")));
  EXPECT_THAT(*page, Not(HasSubstr("zoe7"))) << "no label names a person";
}

}  // namespace
}  // namespace engram
