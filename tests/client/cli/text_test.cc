#include <cmath>
#include <limits>

#include "client/cli/text/chart.h"
#include "client/cli/text/grid.h"
#include "client/cli/text/nearest.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/table.h"
#include "client/cli/text/utf8.h"
#include "client/cli/text/valid_utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Utf8Test, CountsCellsNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("μs ±"), 4);
  EXPECT_EQ(DisplayWidth("海马"), 4);
  EXPECT_EQ(DisplayWidth("\x1b[31mred\x1b[0m"), 3);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
}

TEST(Utf8Test, TruncatesAtCharactersAndEndsColours) {
  EXPECT_EQ(Truncate("sequence", 5), "sequ…");
  EXPECT_EQ(Truncate("sequence", 8), "sequence");
  EXPECT_EQ(Truncate("海马体", 4), "海…");
  EXPECT_EQ(Truncate("\x1b[31mfailed\x1b[0m", 4), "\x1b[31mfai…\x1b[0m");
}

TEST(Utf8Test, NoForeignTextSteersTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[2Jb\nc\x07"), "a?[2Jb c?");
  EXPECT_EQ(Printable("τ = 20 ms"), "τ = 20 ms");
}

// Unicode 15, table 3-7: the ends of every row, and what lies just outside.
TEST(ValidUtf8Test, TakesWellFormedSequencesAlone) {
  for (const char* text : {"", "a", "\x7f", "\u00b5s", "\xc2\x80", "\xdf\xbf",
                           "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(FirstNotUtf8(text), absl::string_view::npos) << text;
  }
  for (const char* text :
       {"\x80", "\xc1\xbf", "\xc2", "\xc2x", "\xe0\x9f\xbf", "\xe2\x82",
        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff\xfe"}) {
    EXPECT_EQ(FirstNotUtf8(text), 0u);
    EXPECT_EQ(FirstNotUtf8(std::string("a\u00b5") + text), 3u);
  }
}

TEST(Utf8Test, WrapsAtSpaces) {
  EXPECT_EQ(Wrap("one two three", 8, "  "), "  one\n  two\n  three\n");
  EXPECT_EQ(Wrap("one two three", 9, ""), "one two\nthree\n");
}

TEST(QuantityTest, ExactTextReadsBack) {
  EXPECT_EQ(ExactText(0.1), "0.1");
  EXPECT_EQ(std::stod(ExactText(1.0 / 3)), 1.0 / 3);
}

TEST(QuantityTest, ShortTextHasFourDigits) {
  EXPECT_EQ(ShortText(0.18234), "0.1823");
  EXPECT_EQ(ShortText(10), "10");
  EXPECT_EQ(ShortText(-0.0), "0");
  EXPECT_EQ(ShortText(-0.2684), "-0.2684");
  EXPECT_EQ(ShortText(1.5), "1.5");
  EXPECT_EQ(ShortText(2e-5), "2e-05");
  EXPECT_EQ(ShortText(1234.56), "1235");
}

TEST(QuantityTest, AColumnSharesItsDecimals) {
  EXPECT_THAT(ColumnText({0.5, 0.25, std::nullopt}),
              ElementsAre("0.50", "0.25", "-"));
  EXPECT_THAT(ColumnText({10.0, 1.0}), ElementsAre("10", "1"));
  EXPECT_THAT(ColumnText({9.875, 10.0}), ElementsAre("9.88", "10.00"));
  EXPECT_THAT(ColumnText({1e-9, 1.0}), ElementsAre("1e-09", "1"));
}

TEST(QuantityTest, CountsSizesAndTimesReadAsPeopleWriteThem) {
  EXPECT_EQ(CountText(1234567), "1,234,567");
  EXPECT_EQ(CountText(-1234), "-1,234");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountedText(1, "run"), "1 run");
  EXPECT_EQ(BytesText(0), "0 B");
  EXPECT_EQ(BytesText(1400000), "1.4 MB");
  EXPECT_EQ(BytesText(999999), "1.0 MB");
  EXPECT_EQ(DurationText(absl::Milliseconds(42)), "42 ms");
  EXPECT_EQ(DurationText(absl::Seconds(59.7)), "1 min 00 s");
  EXPECT_EQ(DurationText(absl::Seconds(3725)), "1 h 02 min");
  EXPECT_EQ(DurationText(absl::Hours(76)), "3 d 4 h");
}

TEST(QuantityTest, TimesAreRelativeUntilTheyAreOld) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  EXPECT_EQ(AgoText(now - absl::Seconds(2), now), "just now");
  EXPECT_EQ(AgoText(now - absl::Minutes(3), now), "3 min ago");
  EXPECT_EQ(AgoText(now - absl::Hours(50), now), "2 d ago");
  EXPECT_EQ(AgoText(now + absl::Minutes(90), now), "in 1 h 30 min");
  EXPECT_THAT(AgoText(now - absl::Hours(24 * 100), now),
              testing::MatchesRegex("2023-08-0[67]"));
}

TEST(TableTest, AlignsColumnsAndLeavesNoTrailingSpace) {
  Table table({{"rule", Align::kLeft}, {"length", Align::kRight}, {"", {}}});
  table.AddRow({{"hebbian"}, {"1"}, {""}});
  table.AddRow({{"stdp"}, {"10"}, {"x"}});
  EXPECT_EQ(table.Render(Look{}),
            "rule     length\n"
            "hebbian       1\n"
            "stdp         10  x\n");
}

TEST(TableTest, CutsTheWidestTextWhereThereIsNoRoom) {
  Table table({{"claim", Align::kLeft}, {"measured", Align::kRight}});
  table.AddRow({{"every item is recalled in order"}, {"10"}});
  EXPECT_EQ(table.Render(Look{.width = 24}),
            "claim           measured\n"
            "every item is…        10\n");
}

TEST(TableTest, WrapsLongTextsWhereTheyMustBeRead) {
  Table table({{"claim", Align::kLeft}, {"measured", Align::kRight}});
  table.AddRow({{"every item is recalled in order"}, {"10"}});
  table.AddRow({{"nothing survives"}, {"0"}});
  EXPECT_EQ(table.RenderWrapped(Look{.width = 27}),
            "claim              measured\n"
            "every item is            10\n"
            "recalled in order\n"
            "nothing survives          0\n");
}

TEST(TableTest, PaintsByTone) {
  Table table({{"state", Align::kLeft}});
  table.AddRow({{"failed", Tone::kBad}});
  EXPECT_THAT(table.Render(Look{.color = true}),
              HasSubstr("\x1b[31mfailed\x1b[0m"));
}

TEST(GridTest, ColumnsWithoutRoomAreNamedBelow) {
  Grid grid;
  for (const char* name : {"run", "state", "rule", "length", "norm"}) {
    grid.push_back({name, name, Align::kRight, {{"123456"}}, {"123456"}});
  }
  EXPECT_EQ(RenderTable(grid, Look{.width = 30}),
            "   run   state    rule  length\n"
            "123456  123456  123456  123456\n"
            "no room for: norm\n");
}

TEST(GridTest, CsvQuotesWhatItMust) {
  EXPECT_EQ(CsvField("plain"), "plain");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("say \"x\""), "\"say \"\"x\"\"\"");
}

TEST(GridTest, AnUnknownColumnGetsTheNearest) {
  const auto chosen = ChooseColumns("sate", {"name", "state"});
  EXPECT_EQ(chosen.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(chosen.status().message(), HasSubstr("did you mean state?"));
  EXPECT_THAT(*ChooseColumns("state,name", {"name", "state"}),
              ElementsAre(1, 0));
}

TEST(NearestTest, ForgivesASlipAndNotMore) {
  const std::vector<std::string> verbs = {"submit", "watch", "cancel"};
  EXPECT_EQ(Nearest("submti", verbs), "submit");
  EXPECT_EQ(Nearest("wach", verbs), "watch");
  EXPECT_EQ(Nearest("can", verbs), "cancel");
  EXPECT_EQ(Nearest("zzz", verbs), "");
}

TEST(ChartTest, ABarFillsByHalfCells) {
  EXPECT_EQ(MakeBar(0, 4).rest, "────");
  EXPECT_EQ(MakeBar(0.5, 4).full, "━━");
  EXPECT_EQ(MakeBar(0.125, 4).full, "╸");
  EXPECT_EQ(MakeBar(0.125, 4).rest, "───");
  EXPECT_EQ(MakeBar(1, 4).full, "━━━━");
  EXPECT_EQ(MakeBar(7, 4).rest, "");
  EXPECT_EQ(MakeBar(std::numeric_limits<double>::quiet_NaN(), 2).rest, "──");
}

std::vector<Point> Ramp(int count) {
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) {
    points.push_back({static_cast<double>(i), static_cast<double>(i)});
  }
  return points;
}

TEST(ChartTest, ASparklineClimbsWithItsValues) {
  EXPECT_EQ(Sparkline(Ramp(8), 8), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(Sparkline(Ramp(64), 8), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(Sparkline({{0, 0.5}, {1, std::nullopt}, {2, 0.5}}, 3), "▅ ▅");
  EXPECT_EQ(Sparkline({{0, 1.0}, {1, std::nullopt}, {2, 1.0}}, 3), "█ █");
  EXPECT_EQ(Sparkline({{0, 0.0}, {1, 0.0}}, 3), "▁▁");
  EXPECT_EQ(Sparkline({}, 3), "   ");
}

TEST(ChartTest, ABrailleChartHasAxesAndTheCurve) {
  EXPECT_THAT(BrailleChart(Ramp(5), "trial", 20, 3),
              ElementsAre("4 ┤⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⣀⠤⠤⠒⠒⠉", "  │⠀⠀⠀⠀⠀⣀⡠⠤⠒⠊⠉⠀⠀⠀⠀⠀⠀",
                          "0 ┤⣀⠤⠔⠊⠉⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀", "   0         4 trial"));
  EXPECT_TRUE(BrailleChart({{0, std::nullopt}}, "ms", 40, 4).empty());
}

// A share that stays at 1 lies at the top of 0 to 1; another constant in the
// middle of a tenth around it, and no label is there twice.
TEST(ChartTest, AConstantIsShownInARange) {
  const auto labels = [](double value) {
    const auto lines = BrailleChart({{0, value}, {1, value}}, "epoch", 30, 3);
    return std::pair(lines.front().substr(0, lines.front().find(" ┤")),
                     lines[2].substr(0, lines[2].find(" ┤")));
  };
  EXPECT_EQ(labels(1), std::pair(std::string("1"), std::string("0")));
  EXPECT_EQ(labels(0), std::pair(std::string("1"), std::string("0")));
  EXPECT_EQ(labels(20), std::pair(std::string("22"), std::string("18")));
  const auto top = BrailleChart({{0, 1.0}, {1, 1.0}}, "epoch", 30, 3);
  EXPECT_THAT(top[0], testing::HasSubstr("⠉⠉"));
  EXPECT_THAT(top[2], testing::Not(testing::HasSubstr("⣀")));
}

}  // namespace
}  // namespace engram::cli
