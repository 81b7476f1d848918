// Spikes in the terminal and in files.
#include <bit>
#include <cstring>
#include <vector>

#include "client/cli/live/board.h"
#include "client/cli/live/view.h"
#include "client/cli/text/raster.h"
#include "client/cli/text/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/verbs_fixture.h"

namespace engram::cli {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::ResultOf;
using testing::SizeIs;
using testing::StartsWith;

// Eight units in a diagonal over 16 ms: eight dots across in four lines.
RasterBand Diagonal(const std::string& name, int64_t units) {
  RasterBand band{name, units, 12.5, {}};
  for (int64_t i = 0; i < units; ++i) {
    band.marks.push_back(
        {16.0 * static_cast<double>(i) / static_cast<double>(units),
         static_cast<double>(i)});
  }
  return band;
}

TEST(RasterTest, DotsAreAtTheirTimeAndUnit) {
  // 32 cells: 3 of the name, 2 of the axis, 9 of the rate, 18 of dots.
  const auto lines =
      BrailleRaster({{"exc", 4, 5, {{0, 0}, {15.9, 3}}}}, 0, 16, 32, 2, {});
  ASSERT_THAT(lines, SizeIs(2));
  // The first unit on top at the left, the last below at the right.
  EXPECT_EQ(lines[0].substr(0, 10), "exc ┤⠁");
  EXPECT_THAT(lines[0], HasSubstr("⢀  5.0 Hz"));
  EXPECT_THAT(lines[1], StartsWith("     0 "));
  EXPECT_THAT(lines[1], HasSubstr("16 ms"));
}

// Dots that are set, of a raster's lines without its axis.
int64_t DotsIn(const std::vector<std::string>& lines) {
  int64_t dots = 0;
  for (const std::string& line : lines) {
    for (size_t i = 0; i + 2 < line.size(); ++i) {
      const auto byte = [&](size_t k) {
        return static_cast<unsigned char>(line[i + k]);
      };
      // Braille is U+2800 to U+28FF: its low byte has a bit for each dot.
      if (byte(0) != 0xe2 || (byte(1) & 0xfc) != 0xa0) continue;
      dots += std::popcount(
          static_cast<unsigned>((byte(1) & 3) << 6 | (byte(2) & 0x3f)));
    }
  }
  return dots;
}

// Every dot of 18 x 2 cells, those of the second half with `spikes`.
RasterBand Dense(double spikes) {
  RasterBand band{"exc", 8, 5, {}};
  for (int x = 0; x < 36; ++x) {
    for (int y = 0; y < 8; ++y) {
      band.marks.push_back({x + 0.5, y + 0.5, x < 18 ? 1 : spikes});
    }
  }
  return band;
}

TEST(RasterTest, ABandWithoutGapsIsShaded) {
  const auto even = BrailleRaster({Dense(1)}, 0, 36, 31, 3, {});
  // Half of 36 x 8 dots.
  EXPECT_EQ(DotsIn(even), 144);
  // Densities of 0.5 and 1.5 of the mean: a quarter of the dots, three
  // quarters.
  const auto uneven = BrailleRaster({Dense(3)}, 0, 36, 31, 3, {});
  EXPECT_EQ(DotsIn(uneven), 36 + 108);
  EXPECT_NE(even, uneven);
}

TEST(RasterTest, PopulationsShareTheLinesByTheirUnits) {
  const auto lines =
      BrailleRaster({Diagonal("excitatory", 80), Diagonal("inhibitory", 20)}, 0,
                    16, 60, 11, {});
  ASSERT_THAT(lines, SizeIs(11));
  EXPECT_THAT(lines[0], HasSubstr("excitatory ┤"));
  EXPECT_THAT(lines[8], HasSubstr("inhibitory ┤"));
  EXPECT_THAT(lines[9], HasSubstr("│"));
}

TEST(RasterTest, IsNoWiderThanAsked) {
  for (const int width : {40, 61, 120}) {
    const auto lines = BrailleRaster(
        {Diagonal("a population with a long name", 80), Diagonal("i", 1)}, 0,
        16, width, 12, {});
    ASSERT_THAT(lines, SizeIs(12));
    for (const std::string& line : lines) {
      EXPECT_LE(DisplayWidth(line), width) << line;
    }
  }
}

TEST(RasterTest, HasNoColourWhereThereIsNone) {
  const auto plain = BrailleRaster({Diagonal("exc", 8)}, 0, 16, 40, 5, {});
  EXPECT_THAT(plain, Each(Not(HasSubstr("\x1b"))));
  const auto painted =
      BrailleRaster({Diagonal("exc", 8)}, 0, 16, 40, 5, {.color = true});
  EXPECT_THAT(painted[0], HasSubstr("\x1b[36m"));
}

TEST(RasterTest, IsEmptyWithoutRoom) {
  EXPECT_THAT(BrailleRaster({Diagonal("exc", 8)}, 0, 16, 20, 5, {}), IsEmpty());
  EXPECT_THAT(
      BrailleRaster({Diagonal("exc", 8), Diagonal("inh", 8)}, 0, 16, 60, 2, {}),
      IsEmpty());
  EXPECT_THAT(BrailleRaster({Diagonal("exc", 8)}, 16, 16, 60, 5, {}),
              IsEmpty());
}

v1::Activity AnActivity(int64_t begin) {
  v1::Activity activity;
  activity.set_population("exc");
  activity.set_unit_count(10);
  activity.set_dt(0.5);
  activity.set_begin_step(begin);
  activity.set_end_step(begin + 5);
  activity.set_column_steps(2);
  activity.set_rows(5);
  // Bits 0 (column 0, row 0) and 14 (column 2, row 4).
  activity.set_cells(std::string("\x01\x40", 2));
  activity.add_counts(2);
  activity.add_counts(0);
  activity.add_counts(1);
  return activity;
}

TEST(RecentActivityTest, CellsAreMarksInTheirMiddle) {
  const auto marks = MarksOf(AnActivity(100));
  ASSERT_THAT(marks, SizeIs(2));
  EXPECT_EQ(marks[0].ms, 50.5);
  EXPECT_EQ(marks[0].unit, 1);
  EXPECT_EQ(marks[0].spikes, 2);  // all of its column
  EXPECT_EQ(marks[1].ms, 52.25);  // the last column has one step
  EXPECT_EQ(marks[1].unit, 9);
}

TEST(RecentActivityTest, KeepsTheLastSecondsWithTheirRate) {
  RecentActivity recent;
  for (int64_t i = 0; i < 100; ++i) recent.Add(AnActivity(5 * i));
  ASSERT_THAT(recent.Bands(), SizeIs(1));
  EXPECT_EQ(recent.begin_ms(), 0.5 * 5 * 70);
  EXPECT_EQ(recent.end_ms(), 0.5 * 500);
  // Three spikes of ten units in 2.5 ms.
  EXPECT_DOUBLE_EQ(recent.Bands()[0].rate_hz, 120);
}

TEST(RecentActivityTest, BeginsAgainWithTheRun) {
  RecentActivity recent;
  recent.Add(AnActivity(100));
  recent.Add(AnActivity(0));
  EXPECT_EQ(recent.end_ms(), 2.5);
}

TEST(RecentActivityTest, DropsWhatDoesNotFitTogether) {
  RecentActivity recent;
  v1::Activity activity = AnActivity(0);
  activity.set_cells("x");
  recent.Add(activity);
  activity = AnActivity(0);
  activity.set_dt(0);
  recent.Add(activity);
  EXPECT_TRUE(recent.empty());
}

TEST(RecentActivityTest, IsDrawnBelowTheRunsThatAreWatched) {
  Board board;
  v1::Event event;
  event.set_parent("experiments/k7m2q9xw4p/runs/1");
  *event.mutable_live()->mutable_activity() = AnActivity(0);
  board.Apply(event);
  const auto lines =
      DrawBoard(board, {}, {.width = 60, .height = 30}, absl::UnixEpoch());
  EXPECT_THAT(lines, testing::Contains(HasSubstr("spikes of run k7m2")));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("exc ┤")));
  EXPECT_THAT(
      lines,
      Each(ResultOf([](const std::string& line) { return DisplayWidth(line); },
                    testing::Le(60))));
}

class SpikesVerbTest : public VerbsTest {
 protected:
  SpikesVerbTest() {
    v1::Population population;
    population.set_name("exc");
    population.set_unit_count(10);
    population.set_dt(0.1);
    population.set_spike_count(3);
    population.set_last_step(99);
    server_.On<v1::ListPopulationsRequest, v1::ListPopulationsResponse>(
        calls::kListPopulations, [=](const auto&) {
          v1::ListPopulationsResponse reply;
          *reply.add_populations() = population;
          return reply;
        });
    // Two pages: of two spikes, and of one.
    server_.On<v1::ReadSpikesRequest, v1::ReadSpikesResponse>(
        calls::kReadSpikes, [this, population](const auto& request) {
          asked_ = request;
          v1::ReadSpikesResponse reply;
          *reply.mutable_population() = population;
          const bool is_first = request.from_index() == 0;
          for (const int64_t step : is_first ? std::vector<int64_t>{4, 9}
                                             : std::vector<int64_t>{99}) {
            reply.add_steps(step);
            reply.add_units(is_first ? 3 : 7);
          }
          if (request.columns() > 0) reply.add_counts(2);
          if (is_first && request.columns() == 0) reply.set_next_index(2);
          return reply;
        });
  }

  v1::ReadSpikesRequest asked_;
};

TEST_F(SpikesVerbTest, ListsWhatWasRecorded) {
  const Outcome outcome = Engram(server_, {"spikes", "k7m2/1"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("exc"));
  // 3 spikes of 10 units in 10 ms.
  EXPECT_THAT(outcome.out, HasSubstr("30"));
}

TEST_F(SpikesVerbTest, CsvHasALineASpikeOfAllPages) {
  const Outcome outcome =
      Engram(server_, {"spikes", "k7m2/1", "exc", "-o", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "time_ms,unit\n0.5,3\n1,3\n10,7\n");
}

TEST_F(SpikesVerbTest, NpyHasTimesThenUnits) {
  const Outcome outcome =
      Engram(server_, {"spikes", "k7m2/1", "exc", "-", "-o", "npy"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("\x93NUMPY"));
  EXPECT_THAT(outcome.out, HasSubstr("'fortran_order': True"));
  std::vector<double> numbers(6);
  ASSERT_GT(outcome.out.size(), 48u);
  std::memcpy(numbers.data(), outcome.out.data() + outcome.out.size() - 48, 48);
  EXPECT_THAT(numbers, ElementsAre(testing::DoubleEq(0.5), 1, 10, 3, 3, 7));
}

TEST_F(SpikesVerbTest, ARangeInMsIsOneOfSteps) {
  Engram(server_, {"spikes", "k7m2/1", "exc", "-o", "csv", "--from", "0.5",
                   "--to", "5"});
  EXPECT_EQ(asked_.begin_step(), 4);  // ends at 0.5 ms
  EXPECT_EQ(asked_.end_step(), 49);   // ends at 5 ms, which is outside
  const Outcome wrong =
      Engram(server_, {"spikes", "k7m2/1", "exc", "--from", "5", "--to", "1"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("is no range"));
}

TEST_F(SpikesVerbTest, DrawsARaster) {
  const Outcome outcome = Engram(server_, {"spikes", "k7m2/1", "--raster"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("exc ┤"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
  EXPECT_EQ(asked_.columns() > 0, true);
}

TEST_F(SpikesVerbTest, AnUnknownPopulationNamesTheNearest) {
  const Outcome outcome = Engram(server_, {"spikes", "k7m2/1", "exx"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("exc"));
}

}  // namespace
}  // namespace engram::cli
