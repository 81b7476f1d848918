#include <algorithm>
#include <sstream>

#include "absl/strings/str_join.h"
#include "client/cli/live/board.h"
#include "client/cli/live/feed.h"
#include "client/cli/live/observer.h"
#include "client/cli/live/rows.h"
#include "client/cli/live/screen.h"
#include "client/cli/live/view.h"
#include "client/cli/session.h"
#include "client/cli/text/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/lab.h"

namespace engram::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

v1::Event StateOf(const v1::Run& run) {
  v1::Event event;
  event.set_parent(run.name());
  *event.mutable_state()->mutable_run() = run;
  return event;
}

v1::Event PointsOf(const v1::Run& run, int count) {
  v1::Event event;
  event.set_parent(run.name());
  auto* stored = event.mutable_points_stored();
  stored->mutable_series()->set_name("weight_norm");
  stored->mutable_series()->set_unit("nS");
  stored->mutable_series()->set_x("trial");
  for (int i = 0; i < count; ++i) {
    stored->add_x(i);
    stored->add_values(0.125 * i);
  }
  return event;
}

// One run that has succeeded, one at work, one that failed.
Board ABoard() {
  Board board;
  board.AddExperiment(AnExperiment());
  board.Apply(StateOf(ARun(0, v1::RUN_STATE_SUCCEEDED, "stdp_rate", 10)));
  board.Apply(StateOf(ARun(1, v1::RUN_STATE_RUNNING, "hebbian", 0)));
  v1::Run failed = ARun(2, v1::RUN_STATE_FAILED, "hebbian", 0);
  failed.mutable_error()->set_message("rates diverge at step 12");
  board.Apply(StateOf(failed));
  board.Apply(PointsOf(ARun(1, v1::RUN_STATE_RUNNING, "hebbian", 0), 8));
  return board;
}

ViewOptions Since(absl::Duration age) {
  ViewOptions options;
  options.start = Noon() - age;
  return options;
}

TEST(BoardTest, KnowsHowFarAllRunsAre) {
  const Board board = ABoard();
  EXPECT_EQ(board.run_count(), 3);
  EXPECT_EQ(board.ended_count(), 2);
  EXPECT_DOUBLE_EQ(board.Fraction(), (1 + 0.25 + 1) / 3);
}

TEST(BoardTest, TellsTheTimeLeftFromItsSpeed) {
  Board board;
  EXPECT_EQ(board.TimeLeft(), absl::InfiniteDuration());
  board.Apply(StateOf(ARun(0, v1::RUN_STATE_RUNNING, "hebbian", 0)));
  board.Sample(Noon());
  v1::Event event;
  event.set_parent("experiments/k7m2q9xw4p/runs/0");
  event.mutable_live()->mutable_progress()->set_tick(10);
  event.mutable_live()->mutable_progress()->set_total(20);
  board.Apply(event);
  board.Sample(Noon() + absl::Seconds(5));
  // A quarter in five seconds; half remains.
  EXPECT_EQ(board.TimeLeft(), absl::Seconds(10));
}

TEST(BoardTest, AnotherAttemptStartsItsCurvesAnew) {
  Board board = ABoard();
  board.Apply(StateOf(ARun(2, v1::RUN_STATE_QUEUED, "hebbian", 0)));
  EXPECT_EQ(board.ended_count(), 1);
}

TEST(LiveSeriesTest, KeepsFewPointsOfMany) {
  LiveSeries series;
  for (int i = 0; i < 10000; ++i) series.Add({static_cast<double>(i), 1.0});
  EXPECT_LE(series.points.size(), 512);
  EXPECT_EQ(series.points.front().x, 0);
  EXPECT_GT(series.points.back().x, 9900);
}

// Early points, that came before most others were dropped, too: a curve that
// forgot its beginning would show a straight line in its place.
TEST(LiveSeriesTest, KeepsPointsEvenlyOverTheWholeCourse) {
  constexpr int kCount = 20000;
  LiveSeries series;
  for (int i = 0; i <= kCount; ++i) series.Add({1.0 * i, 0.5 * i});
  EXPECT_EQ(series.points.front().x, 0);
  EXPECT_EQ(series.points.back().x, kCount);
  double widest = 0;
  for (size_t i = 1; i < series.points.size(); ++i) {
    widest = std::max(widest, series.points[i].x - series.points[i - 1].x);
  }
  // Two hundred and more of equal distance would be 100 apart.
  EXPECT_LE(widest, 100);
  EXPECT_GE(series.points.size(), size_t{200});
}

TEST(LiveSeriesTest, APointThatCameBeforeIsNotTakenTwice) {
  LiveSeries series;
  series.Add({1, 2.0});
  series.Add({1, 2.0});
  EXPECT_THAT(series.points, SizeIs(1));
}

v1::Event PointOf(const std::string& name, double x, double value) {
  v1::Event event;
  event.set_parent("experiments/k7m2q9xw4p/runs/0");
  auto* stored = event.mutable_points_stored();
  stored->mutable_series()->set_name(name);
  stored->mutable_series()->set_x("update");
  stored->add_x(x);
  stored->add_values(value);
  return event;
}

// A run that counts batches and tells of updates has no series over its ticks.
TEST(RowsTest, WithoutASeriesOverTicksTheCataloguesFirstIsShown) {
  v1::ListComponentTypesResponse catalog;
  v1::ComponentType* program = catalog.add_component_types();
  program->add_outputs()->set_name("training_loss");
  program->add_outputs()->set_name("gradient_norm");
  Board board;
  board.SetOrder(OutputOrder(catalog));
  board.Apply(StateOf(ARun(0, v1::RUN_STATE_RUNNING, "hebbian", 0)));
  for (const double x : {1.0, 2.0}) {
    board.Apply(PointOf("cell_flow", x, 100 * x));
    board.Apply(PointOf("gradient_norm", x, 10 * x));
    board.Apply(PointOf("training_loss", x, 1 / x));
  }
  EXPECT_EQ(DefaultMetric(board), "training_loss");
}

TEST(OutputOrderTest, ListedNamesStandBeforeOthersAndNamedOnesWithTheirOwn) {
  v1::ListComponentTypesResponse catalog;
  catalog.add_component_types()->add_outputs()->set_name("loss");
  catalog.add_component_types()->add_outputs()->set_name("accuracy");
  const OutputOrder order(catalog);
  EXPECT_TRUE(order.IsBefore("loss", "accuracy"));
  EXPECT_FALSE(order.IsBefore("accuracy", "loss"));
  EXPECT_TRUE(order.IsBefore("accuracy", "a_name_of_nobody"));
  EXPECT_TRUE(order.IsBefore("early.loss", "accuracy"));
  EXPECT_TRUE(order.IsBefore("x", "y"));
}

TEST(ViewTest, ShowsALineARun) {
  const auto lines =
      DrawBoard(ABoard(), Since(absl::Seconds(42)),
                Look{.color = false, .width = 110, .height = 30}, Noon());
  const std::string text = absl::StrJoin(lines, "\n");
  EXPECT_EQ(lines[0],
            "which rules can store a sequence  k7m2q9xw4p                      "
            "                                        42 s");
  EXPECT_EQ(lines[1],
            "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━────────────  2 of 3 runs");
  EXPECT_EQ(lines[2], "1 succeeded · 1 failed · 1 running");
  EXPECT_EQ(lines[4],
            "run  state      rule.type  seed                                 "
            "weight_norm [nS]");
  EXPECT_EQ(lines[5],
            "  0  succeeded  stdp_rate     1  ━━━━━━━━━━━━━━━━  20/20 trial");
  EXPECT_EQ(lines[6],
            "  1  running    hebbian       2  ━━━━────────────   5/20 trial   "
            "          0.875  ▁▂▃▄▅▆▇█");
  EXPECT_THAT(lines[7], HasSubstr("rates diverge at step 12"));
  EXPECT_THAT(text, HasSubstr("weight_norm [nS] of run k7m2q9xw4p/1"));
  EXPECT_EQ(lines.back(), "Ctrl-C detaches; the runs go on");
}

Board ManyRuns() {
  Board board;
  v1::Experiment experiment = AnExperiment();
  experiment.set_run_count(100);
  board.AddExperiment(experiment);
  for (int i = 0; i < 100; ++i) {
    const auto state = i < 50   ? v1::RUN_STATE_SUCCEEDED
                       : i < 54 ? v1::RUN_STATE_RUNNING
                                : v1::RUN_STATE_QUEUED;
    board.Apply(
        StateOf(ARun(i, state, i % 2 == 0 ? "hebbian" : "stdp_rate", i % 2)));
  }
  return board;
}

TEST(ViewTest, GroupsRunsThatDoNotFit) {
  const auto lines =
      DrawBoard(ManyRuns(), Since(absl::Minutes(2)),
                Look{.color = false, .width = 100, .height = 20}, Noon());
  const std::string text = absl::StrJoin(lines, "\n");
  EXPECT_THAT(text, HasSubstr("rule.type                    ended  failed  "
                              "sequence_length"));
  EXPECT_THAT(text, HasSubstr("25/50       -            0 ± 0"));
  EXPECT_THAT(text, HasSubstr("50  running    hebbian"));
  EXPECT_THAT(text, Not(HasSubstr("queued     hebbian")));
}

TEST(ViewTest, NeverLeavesItsTerminal) {
  for (const int width : {20, 40, 79, 80, 200}) {
    for (const int height : {4, 8, 24, 60}) {
      for (const bool color : {false, true}) {
        const Look look{.color = color, .width = width, .height = height};
        for (const Board& board : {ABoard(), ManyRuns(), Board()}) {
          const auto lines =
              DrawBoard(board, Since(absl::Seconds(1)), look, Noon());
          EXPECT_LT(lines.size(), static_cast<size_t>(height));
          for (const std::string& line : lines) {
            EXPECT_LE(DisplayWidth(line), width) << line;
          }
        }
      }
    }
  }
}

TEST(ViewTest, SaysThatTheServerIsAway) {
  ViewOptions options = Since(absl::Seconds(1));
  options.status = "the server has been away for 3 s";
  const auto lines =
      DrawBoard(ABoard(), options, Look{.width = 80, .height = 24}, Noon());
  EXPECT_EQ(lines.back(), options.status);
}

// A watch of everything that nobody ends would fill its log.
TEST(LineObserverTest, TellsHowFarItIsOnlyWhenThatHasChanged) {
  std::ostringstream out;
  absl::Time now = Noon();
  Host host;
  host.out = &out;
  host.now = [&] { return now; };
  const GlobalFlags flags;
  Session session(&host, &flags);
  const EventFeed feed(nullptr, &host, {});
  const auto observer = MakeLineObserver(&session);
  Board board;
  for (int i = 0; i < 3; ++i) {
    now += absl::Seconds(11);
    observer->OnTick(board, feed);
  }
  board.Apply(StateOf(ARun(0, v1::RUN_STATE_RUNNING, "hebbian", 0)));
  now += absl::Seconds(11);
  observer->OnTick(board, feed);
  EXPECT_EQ(out.str(), "0 of 0 runs ended\n0 of 1 run ended, 1 running\n");
}

TEST(RowsTest, RunsAtWorkAndFailedOnesComeBeforeWaitingOnes) {
  const Board board = ManyRuns();
  std::vector<const LiveRun*> all;
  for (const auto& [key, live] : board.runs()) all.push_back(&live);
  const auto chosen = MostInteresting(all, 4);
  ASSERT_THAT(chosen, SizeIs(4));
  EXPECT_EQ(chosen[0]->run.point(), 50);
  EXPECT_EQ(chosen[3]->run.point(), 53);
}

TEST(ScreenTest, DrawsInPlaceOverWhatWasDrawn) {
  std::ostringstream out;
  Screen screen(&out);
  screen.Draw({"one", "two"}, 80);
  out.str("");
  screen.Draw({"three"}, 80);
  EXPECT_THAT(out.str(), HasSubstr("\x1b[2A\rthree\x1b[K\n\x1b[J"));
}

TEST(ScreenTest, CountsTheRowsIntoWhichANarrowerTerminalBrokeALine) {
  std::ostringstream out;
  Screen screen(&out);
  screen.Draw({std::string(100, 'x')}, 100);
  out.str("");
  screen.Draw({"y"}, 40);
  EXPECT_THAT(out.str(), HasSubstr("\x1b[3A"));
}

TEST(ScreenTest, GivesTheCursorBack) {
  std::ostringstream out;
  {
    Screen screen(&out);
    screen.Draw({"x"}, 80);
    EXPECT_THAT(out.str(), HasSubstr("\x1b[?25l"));
  }
  EXPECT_THAT(out.str(), HasSubstr("\x1b[?25h"));
}

}  // namespace
}  // namespace engram::cli
