#include "server/queue/waiting_line.h"

#include <map>
#include <vector>

#include "core/base/contract.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

WaitingRun Waiting(int64_t id, const char* owner) {
  WaitingRun run;
  run.id = id;
  run.owner = owner;
  run.point = id;
  run.charge = 10;
  return run;
}

std::vector<int64_t> Order(const WaitingLine& line,
                           std::map<std::string, double> shares = {}) {
  auto walk = line.Begin(
      [&](absl::string_view owner) { return shares[std::string(owner)]; });
  std::vector<int64_t> ids;
  while (const WaitingRun* run = walk.Next()) ids.push_back(run->id);
  return ids;
}

TEST(WaitingLineTest, EqualUsersTakeTurns) {
  WaitingLine line;
  for (const int64_t id : {1, 2, 3}) line.Add(Waiting(id, "ada"));
  for (const int64_t id : {4, 5}) line.Add(Waiting(id, "bob"));
  EXPECT_THAT(Order(line), ElementsAre(1, 4, 2, 5, 3));
}

TEST(WaitingLineTest, WhoUsedLessCatchesUpFirst) {
  WaitingLine line;
  for (const int64_t id : {1, 2}) line.Add(Waiting(id, "ada"));
  for (const int64_t id : {3, 4, 5, 6}) line.Add(Waiting(id, "bob"));
  EXPECT_THAT(Order(line, {{"ada", 25}}), ElementsAre(3, 4, 5, 1, 6, 2));
}

TEST(WaitingLineTest, LongRunsCountForMore) {
  WaitingLine line;
  WaitingRun longer = Waiting(1, "ada");
  longer.charge = 30;
  line.Add(longer);
  line.Add(Waiting(2, "ada"));
  for (const int64_t id : {3, 4, 5, 6}) line.Add(Waiting(id, "bob"));
  EXPECT_THAT(Order(line), ElementsAre(1, 3, 4, 5, 2, 6));
}

TEST(WaitingLineTest, OwnRunsGoByPriorityThenAgeThenPoint) {
  WaitingLine line;
  WaitingRun old = Waiting(1, "ada"), later = Waiting(2, "ada"),
             high = Waiting(3, "ada"), first_point = Waiting(4, "ada");
  old.age = 100;
  later.age = 200;
  high.age = 300;
  high.priority = 5;
  first_point.age = 200;
  first_point.point = 0;
  for (const auto& run : {later, old, high, first_point}) line.Add(run);
  EXPECT_THAT(Order(line), ElementsAre(3, 1, 4, 2));
}

TEST(WaitingLineTest, PriorityMovesNobodyElse) {
  WaitingLine line;
  WaitingRun high = Waiting(1, "bob");
  high.priority = 100;
  line.Add(high);
  line.Add(Waiting(2, "ada"));
  EXPECT_THAT(Order(line), ElementsAre(2, 1));
}

TEST(WaitingLineTest, UrgentRunsComeBeforeEverybody) {
  WaitingLine line;
  line.Add(Waiting(1, "ada"));
  WaitingRun urgent = Waiting(2, "zoe"), older = Waiting(3, "zoe");
  urgent.urgent = older.urgent = true;
  urgent.age = 20;
  older.age = 10;
  line.Add(urgent);
  line.Add(older);
  EXPECT_THAT(Order(line, {{"zoe", 1e6}}), ElementsAre(3, 2, 1));
}

TEST(WaitingLineTest, RemovedRunsAreGone) {
  WaitingLine line;
  line.Add(Waiting(1, "ada"));
  line.Add(Waiting(2, "bob"));
  line.Remove(1);
  EXPECT_THAT(Order(line), ElementsAre(2));
  line.Remove(2);
  EXPECT_THAT(Order(line), IsEmpty());
  EXPECT_TRUE(line.empty());
  EXPECT_THROW(line.Remove(2), ContractViolation);
}

TEST(WaitingLineTest, ASkippedOwnerIsLeftOut) {
  WaitingLine line;
  for (const int64_t id : {1, 2, 3}) line.Add(Waiting(id, "ada"));
  line.Add(Waiting(4, "bob"));
  auto walk = line.Begin([](absl::string_view) { return 0.0; });
  EXPECT_EQ(walk.Next()->id, 1);
  walk.Skip("ada");
  EXPECT_EQ(walk.Next()->id, 4);
  EXPECT_EQ(walk.Next(), nullptr);
}

}  // namespace
}  // namespace engram
