// The order as users meet it: runs that make room, quotas, what `why` says, and
// a machine's clock that somebody sets. On a real queue and store.
#include "gmock/gmock.h"
#include "server/store/user_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr double kHour = 3600;

class OrderTest : public QueueTest {
 protected:
  std::string SubmitWide(const std::string& owner, int cpus,
                         bool urgent = false) {
    Submission submission;
    submission.owner = owner;
    submission.resources.cpus = cpus;
    submission.urgent = urgent;
    const auto made = TrySubmit("", submission);
    EXPECT_TRUE(made.ok()) << made.status();
    Settle();
    return made.ok() ? made->experiment : "";
  }
  // Lets time pass in which workers are heard of.
  void Pass(double seconds, int64_t workers) {
    for (; seconds > 0; seconds -= 30) {
      clock_.Advance(std::min(seconds, 30.0));
      for (int64_t n = 1; n <= workers; ++n) queue_->Heartbeat(n);
      queue_->Tick();
    }
    Settle();
  }
  std::string Why(const std::string& id) {
    const auto why = queue_->Explain({id, 0});
    EXPECT_TRUE(why.ok()) << why.status();
    return why.ok() ? why->text : "";
  }
  static FinishedReport Yielded(double cpu_seconds) {
    FinishedReport report;
    report.state = RunState::kQueued;
    report.cpu_seconds = cpu_seconds;
    return report;
  }
};

TEST_F(OrderTest, LongRunYieldsToAnotherUserAndGoesOnLater) {
  const std::string adas = SubmitWide("ada", 4);
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  Pass(45 * 60, 1);
  const std::string bobs = SubmitWide("bob", 4);
  Pass(90, 1);
  EXPECT_THAT(worker.link->yielded(), IsEmpty());
  Pass(60, 1);
  EXPECT_THAT(worker.link->yielded(), ElementsAre(key));
  EXPECT_THAT(Why(bobs), HasSubstr("others were asked to make room for it"));
  EXPECT_THAT(Why(adas), HasSubstr("asked to save its state: preempted for "
                                   "users/bob"));
  // Its processor was mostly idle: by its share ada would be next again.
  worker.Finish(key, Yielded(1));
  EXPECT_EQ(State(adas), "queued");
  EXPECT_EQ(Row(adas).state_reason, "preempted for users/bob");
  EXPECT_EQ(State(bobs), "starting");
  EXPECT_THAT(Why(adas), StartsWith("preempted for users/bob; first in line"));
  const AttemptKey next = worker.Given().key;
  EXPECT_EQ(next.attempt, RunName({bobs, 0}).Attempt(1));
  worker.Begin(next);
  worker.Succeed(next, 0);
  EXPECT_EQ(worker.Given().key.attempt, RunName({adas, 0}).Attempt(2));
  // What it took counts towards its limit.
  EXPECT_EQ(worker.Given().time_s, 86'400 - 47 * 60 - 30);
}

TEST_F(OrderTest, RunThatDoesNotYieldIsNotKilled) {
  SubmitWide("ada", 4);
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  Pass(45 * 60, 1);
  SubmitWide("bob", 4);
  Pass(3 * kHour, 1);
  EXPECT_THAT(worker.link->yielded(), SizeIs(1));
  EXPECT_THAT(executor_.killed(), IsEmpty());
}

TEST_F(OrderTest, ARequestToYieldOutlivesABrokenStream) {
  SubmitWide("ada", 4);
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  Pass(45 * 60, 1);
  queue_->Detached(1, worker.link.get());
  Worker back = Attach(1, {key});
  SubmitWide("bob", 4);
  Pass(150, 1);
  queue_->Detached(1, back.link.get());
  Worker again = Attach(1, {key});
  EXPECT_THAT(again.link->yielded(), ElementsAre(key));
}

TEST_F(OrderTest, RunsGivenInAdvanceComeBackWhenAnotherUserIsNext) {
  const std::string adas = Submit("sweep: {seed: 1..20}\n");
  Worker worker = Attach(1);
  const AttemptKey first = worker.Given().key;
  worker.Begin(first);
  clock_.Advance(0.2);
  worker.Succeed(first, 0);
  Settle();
  // The first, the present one, and what makes two seconds of work with it.
  ASSERT_THAT(worker.link->assigned(), SizeIs(11));
  const std::vector<WorkAssignment> given = worker.link->assigned();
  worker.Begin(given[1].key);
  const std::string bobs = Submit("", "bob");
  Settle();
  ASSERT_THAT(worker.link->yielded(), SizeIs(9));
  EXPECT_EQ(worker.link->yielded()[0], given[2].key);
  for (std::size_t i = 2; i < given.size(); ++i) {
    worker.Finish(given[i].key, Yielded(0));
  }
  EXPECT_EQ(Row(adas, 2).state_reason, "taken back for users/bob");
  EXPECT_EQ(Row(adas, 2).attempt, 0) << "it had not begun";
  worker.Succeed(given[1].key, 0);
  EXPECT_EQ(worker.Given().key.attempt, RunName({bobs, 0}).Attempt(1));
}

TEST_F(OrderTest, ClockThatIsSetChangesNobodysTurnShareOrDeadline) {
  const std::string first = SubmitWide("ada", 4);
  Worker worker = Attach(1);
  AttemptKey key = worker.Given().key;
  worker.Begin(key);
  FinishedReport report;
  report.cpu_seconds = 1000;
  worker.Finish(key, report);
  for (const double jump : {-kHour, 24 * kHour}) {
    clock_.SetBy(jump);
    EXPECT_DOUBLE_EQ(queue_->RecentCpuSeconds("ada"), 1000);
  }
  // Submitted later by the same user is later, whatever the clock says.
  const std::string blocking = SubmitWide("ada", 4);
  const std::string older = SubmitWide("ada", 4);
  clock_.SetBy(-48 * kHour);
  const std::string newer = SubmitWide("ada", 4);
  EXPECT_EQ(queue_->Explain({older, 0})->position, 1);
  EXPECT_EQ(queue_->Explain({newer, 0})->position, 2);
  // A cancel that waits its ten seconds waits ten seconds.
  key = worker.Given().key;
  worker.Begin(key);
  ASSERT_TRUE(queue_->Cancel(blocking, 0, "users/ada", "", nullptr).ok());
  clock_.SetBy(24 * kHour);
  queue_->Tick();
  EXPECT_THAT(executor_.killed(), IsEmpty());
  clock_.SetBy(-kHour);
  clock_.Advance(10.1);
  queue_->Tick();
  EXPECT_THAT(executor_.killed(), ElementsAre(1));
}

TEST_F(OrderTest, ExpectedStartIsInTheFutureWhateverTheClockDoes) {
  Submission submission;
  submission.owner = "ada";
  submission.resources.cpus = 4;
  submission.expected_seconds = 100;
  const auto one = TrySubmit("", submission);
  const auto two = TrySubmit("", submission);
  ASSERT_TRUE(one.ok() && two.ok());
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  clock_.Advance(40);
  for (const double jump : {0.0, -kHour, 24 * kHour}) {
    clock_.SetBy(jump);
    EXPECT_EQ(queue_->Explain({two->experiment, 0})->expected_start_us,
              clock_.NowUs() + 60'000'000);
  }
}

TEST_F(OrderTest, UsageStoredByAClockThatWasAheadCountsOnFromNow) {
  SubmitWide("ada", 4);
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  FinishedReport report;
  report.cpu_seconds = 1000;
  clock_.SetBy(1000 * 24 * kHour);
  Restart();
  Worker other = Attach(2);
  other.Begin(other.Given().key);
  other.Finish(other.Given().key, report);
  clock_.SetBy(-1000 * 24 * kHour);
  Restart();
  EXPECT_NEAR(queue_->RecentCpuSeconds("ada"), 1000, 1);
  clock_.Advance(7 * 24 * kHour);
  EXPECT_NEAR(queue_->RecentCpuSeconds("ada"), 500, 1);
}

TEST_F(OrderTest, LimitsCountOnAfterARestartWhateverTheClockDid) {
  Submission limited;
  limited.owner = "ada";
  limited.resources.time_s = 100;
  const auto made = TrySubmit("", limited);
  ASSERT_TRUE(made.ok()) << made.status();
  int64_t number = 0;
  for (const double jump : {24 * kHour, -36 * kHour}) {
    Worker worker = Attach(++number);
    worker.Begin(worker.Given().key);
    clock_.Advance(15);
    clock_.SetBy(jump);
    queue_->WorkerEnded(number, {"was killed by signal 9", 0, false});
    Settle();
  }
  Restart();
  Worker last = Attach(++number);
  EXPECT_EQ(last.Given().time_s, 70);
  last.Begin(last.Given().key);
  queue_->WorkerEnded(number, {"was killed by signal 9", 0, false});
  Settle();
  EXPECT_EQ(State(made->experiment), "failed") << "its third worker died";
}

TEST_F(OrderTest, WorkersThatDieAreChargedToWhoseRunsKillThem) {
  SubmitWide("ada", 2);
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  clock_.Advance(50);
  EXPECT_DOUBLE_EQ(queue_->RecentCpuSeconds("ada"), 100) << "while at work";
  queue_->WorkerEnded(1, {"was killed by signal 11", 0, false});
  Settle();
  EXPECT_DOUBLE_EQ(queue_->RecentCpuSeconds("ada"), 100);
}

TEST_F(OrderTest, WhyTellsWhatARunIsDoing) {
  const std::string id = SubmitWide("ada", 4);
  EXPECT_EQ(Why(id), "first in line: no worker is attached");
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  EXPECT_EQ(Why(id), "given to workers/1, which has not yet begun");
  worker.Begin(key);
  Pass(90, 1);
  LiveReport live;
  live.key = key;
  live.progress = LiveProgress{.tick = 25,
                               .total = 100,
                               .tick_name = "trial",
                               .ticks_per_second = 1,
                               .remaining_us = 270'000'000};
  queue_->HeardLive(1, live);
  EXPECT_EQ(Why(id),
            "executed by workers/1 for 90 s, attempt 1, 25 % done, "
            "about 4 min left");
  ASSERT_TRUE(queue_->Cancel(id, 0, "users/ada", "", nullptr).ok());
  EXPECT_EQ(Why(id), "asked to stop; workers/1 has not yet");
}

TEST_F(OrderTest, WhyTellsOfQuotaDrainAndWhatIsWaitedFor) {
  SetQuota({.running_runs = 1});
  queue_->SetQuota("ada", {.running_runs = 1});
  const std::string first = SubmitWide("ada", 1);
  const std::string second = SubmitWide("ada", 1);
  const std::string after = Submit("after: " + first + "\n");
  Worker one = Attach(1), two = Attach(2);
  EXPECT_EQ(Why(second),
            "first in line: ada has 1 runs at work, as many as "
            "the quota allows");
  EXPECT_EQ(Why(after),
            "waits until experiment " + first + " has ended (1 run to go)");
  queue_->Drain(true);
  EXPECT_EQ(Why(second),
            "first in line: the server is draining and starts no runs");
}

TEST_F(OrderTest, EveryRefusalByQuotaSaysWhoseWhatAndWhatToDo) {
  struct Case {
    store::QuotaRow quota;
    std::string has;
    std::string next;
  };
  const std::string held = SubmitWide("ada", 4);
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, {PointItem(1, 0.5), LogItem("a long line of text")});
  clock_.Advance(kHour);
  const std::string waiting = SubmitWide("ada", 4);
  for (const Case& quota : std::vector<Case>{
           {{.queued_runs = 1}, "1 run waiting", "cancel some"},
           {{.cpu_hours = 3.5}, "4.00 cpu-hours", "ask an admin for more"},
           {{.stored_bytes = 1}, "bytes", "delete some"}}) {
    SetQuota(quota.quota);
    Submission more;
    more.owner = "ada";
    const absl::Status refused = TrySubmit("", more).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_THAT(std::string(refused.message()), HasSubstr(quota.has));
    EXPECT_THAT(std::string(refused.message()), HasSubstr(quota.next));
    const auto detail =
        refused.GetPayload("type.googleapis.com/google.rpc.QuotaFailure");
    ASSERT_TRUE(detail.has_value()) << refused;
    EXPECT_THAT(std::string(*detail), HasSubstr("users/ada"));
    EXPECT_THAT(std::string(*detail), HasSubstr(quota.has));
  }
}

}  // namespace
}  // namespace engram
