#include "server/store/key_set.h"

#include <set>

#include "core/base/contract.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

KeySet Of(std::initializer_list<int64_t> keys) {
  KeySet set;
  for (const int64_t key : keys) set.Add(key);
  return set;
}

std::vector<int64_t> Keys(const KeySet& set) {
  std::vector<int64_t> keys;
  set.ForEach([&](int64_t key) { keys.push_back(key); });
  return keys;
}

TEST(KeySetTest, KeepsEachKeyOnceInOrder) {
  const KeySet set = Of({500, 1, 64, 63, 1, 65});
  EXPECT_THAT(Keys(set), ElementsAre(1, 63, 64, 65, 500));
  EXPECT_EQ(set.Count(), 5);
  EXPECT_TRUE(set.Contains(64));
  EXPECT_FALSE(set.Contains(66));
  EXPECT_FALSE(set.Contains(1'000'000'000));
  EXPECT_THAT(Keys(KeySet()), IsEmpty());
}

TEST(KeySetTest, CombinesSetsOfDifferentLengths) {
  const KeySet low = Of({1, 2, 64}), high = Of({2, 64, 9000});
  KeySet both = low, either = low, without = high;
  both.IntersectWith(high);
  either.UniteWith(high);
  without.Remove(low);
  EXPECT_THAT(Keys(both), ElementsAre(2, 64));
  EXPECT_THAT(Keys(either), ElementsAre(1, 2, 64, 9000));
  EXPECT_THAT(Keys(without), ElementsAre(9000));
}

TEST(KeySetTest, RefusesWhatIsNoKey) {
  KeySet set;
  EXPECT_THROW(set.Add(0), ContractViolation);
  EXPECT_THROW(set.Add(-5), ContractViolation);
}

TEST(KeyRanksTest, CountTheKeysBefore) {
  std::set<int64_t> keys;
  KeySet set;
  for (int64_t i = 1; i < 400; ++i) {
    keys.insert(i * i);
    set.Add(i * i);
  }
  const KeyRanks ranks(set);
  EXPECT_EQ(ranks.size(), 399);
  int64_t rank = 0;
  for (const int64_t key : keys) EXPECT_EQ(ranks.Of(key), rank++);
  EXPECT_EQ(ranks.Of(2), -1);
  EXPECT_EQ(ranks.Of(1'000'000), -1);
}

}  // namespace
}  // namespace engram::store
