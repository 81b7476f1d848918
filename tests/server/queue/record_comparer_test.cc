#include "server/queue/record_comparer.h"

#include <cmath>

#include "gtest/gtest.h"

namespace engram {
namespace {

RecordedPoint Point(double x, double value) {
  RecordedPoint point;
  point.series = 1;
  point.declared = SeriesInfo{"weight_norm", "1", "trial", "1"};
  point.x = x;
  point.value = value;
  return point;
}

RecordedArray Array(int64_t step, char digest) {
  RecordedArray array;
  array.path = "rule.weights";
  array.step = step;
  array.manifest.shape = {2, 3};
  array.manifest.digest = std::string(32, digest);
  return array;
}

const PopulationInfo kExc{"exc", 100, 0.1};

std::vector<RecordedItem> Stored() {
  return {Point(1, 0.5),
          Point(2, 1.25),
          Array(100, 'a'),
          RecordedSpikes{{"excitatory", 100, 1.0}, {1, 1, 2}, {4, 7, 9}},
          RecordedSummary{"recalled", "1", 10, ""},
          RecordedLog{"warning", "slow"}};
}

TEST(RecordComparerTest, EqualItemsDoNotDiffer) {
  RecordComparer comparer(Stored());
  int64_t ordinal = 0;
  for (const RecordedItem& item : Stored()) {
    EXPECT_EQ(comparer.Compare(++ordinal, item), std::nullopt);
  }
  EXPECT_EQ(comparer.compared_count(), 6);
  EXPECT_EQ(comparer.CompareEnd(6), std::nullopt);
}

TEST(RecordComparerTest, SeriesIsDeclaredByItsFirstPointAlone) {
  RecordComparer comparer(Stored());
  EXPECT_EQ(comparer.Compare(1, Point(1, 0.5)), std::nullopt);
  RecordedPoint second = Point(2, 1.5);
  second.declared.reset();
  EXPECT_EQ(comparer.Compare(2, second),
            "item 2, series weight_norm at trial 2: stored 1.25, now 1.5");
}

TEST(RecordComparerTest, ValuesAreComparedToTheBit) {
  RecordComparer comparer({Point(1, 0.0), Point(2, 0.1)});
  EXPECT_EQ(comparer.Compare(1, Point(1, -0.0)),
            "item 1, series weight_norm at trial 1: stored 0, now -0");
  EXPECT_EQ(comparer.Compare(2, Point(2, std::nextafter(0.1, 1))),
            "item 2, series weight_norm at trial 2: stored 0.1, now "
            "0.10000000000000002");
}

TEST(RecordComparerTest, AbsentIsNoValue) {
  RecordComparer comparer({RecordedSummary{"order", "1", 0, "no item active"}});
  EXPECT_EQ(comparer.Compare(1, RecordedSummary{"order", "1", 0, ""}),
            "item 1, summary order: stored absent (no item active), now 0");
}

TEST(RecordComparerTest, ArraysDifferByDigest) {
  RecordComparer comparer({Array(100, 'a'), Array(-1, 'a')});
  EXPECT_EQ(comparer.Compare(1, Array(100, 'b')),
            "item 1, array rule.weights at step 100: stored 2 x 3 with digest "
            "616161616161, now 2 x 3 with digest 626262626262");
  EXPECT_EQ(comparer.Compare(2, Array(-1, 'c')).value_or("").substr(0, 35),
            "item 2, array rule.weights at final");
}

TEST(RecordComparerTest, SpikesNameTheFirstThatDiffers) {
  RecordComparer comparer({RecordedSpikes{kExc, {1, 1, 2}, {4, 7, 9}},
                           RecordedSpikes{kExc, {5}, {4}}});
  EXPECT_EQ(comparer.Compare(1, RecordedSpikes{kExc, {1, 1, 3}, {4, 7, 9}}),
            "item 1, spikes of exc from step 1: spike 3: stored unit 9 at step "
            "2, now unit 9 at step 3");
  EXPECT_EQ(comparer.Compare(2, RecordedSpikes{kExc, {5, 6}, {4, 4}}),
            "item 2, spikes of exc from step 5: spike 2: stored none, now unit "
            "4 at step 6");
}

TEST(RecordComparerTest, SpikesOfAnotherPopulationOfThatNameDiffer) {
  RecordComparer comparer({RecordedSpikes{kExc, {1}, {4}}});
  EXPECT_EQ(comparer.Compare(1, RecordedSpikes{{"exc", 100, 0.2}, {1}, {4}}),
            "item 1, spikes of exc from step 1: stored 100 units with steps of "
            "0.1 ms, now 100 units with steps of 0.2 ms");
}

TEST(RecordComparerTest, AnotherItemIsNamedBesideTheStoredOne) {
  RecordComparer comparer(Stored());
  EXPECT_EQ(comparer.Compare(1, Point(3, 0.5)),
            "item 1: stored series weight_norm at trial 1, now series "
            "weight_norm at trial 3");
  EXPECT_EQ(comparer.Compare(5, RecordedLog{"info", "x"}),
            "item 5: stored summary recalled, now log line");
}

TEST(RecordComparerTest, TooManyAndTooFewItemsDiffer) {
  RecordComparer comparer({Point(1, 0.5)});
  EXPECT_EQ(comparer.Compare(2, Point(2, 0.5)),
            "item 2, series weight_norm at trial 2: only 1 items are stored");
  EXPECT_EQ(comparer.CompareEnd(0), "item 1: stored 1 items, now 0");
}

}  // namespace
}  // namespace engram
