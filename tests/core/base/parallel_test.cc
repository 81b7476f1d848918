#include "core/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/base/contract.h"
#include "core/base/mutex.h"

namespace engram {
namespace {

std::set<std::pair<int64_t, int64_t>> BlocksOf(int threads, int64_t n,
                                               int64_t block) {
  Parallel parallel(threads);
  Mutex mu;
  std::set<std::pair<int64_t, int64_t>> blocks;
  parallel.ForBlocks(n, block, [&](int64_t begin, int64_t end) {
    MutexLock lock(mu);
    EXPECT_TRUE(blocks.emplace(begin, end).second);
  });
  return blocks;
}

TEST(ParallelTest, BlocksDependOnTheProblemAlone) {
  const std::set<std::pair<int64_t, int64_t>> one = BlocksOf(1, 103, 10);
  EXPECT_EQ(one.size(), 11u);
  EXPECT_EQ(one.rbegin()->first, 100);
  EXPECT_EQ(one.rbegin()->second, 103);
  for (int threads : {2, 3, 8}) EXPECT_EQ(BlocksOf(threads, 103, 10), one);
}

TEST(ParallelTest, NothingToDoCallsNothing) {
  EXPECT_TRUE(BlocksOf(3, 0, 10).empty());
}

TEST(ParallelTest, EveryCallIsCompleteWhenItReturns) {
  Parallel parallel(3);
  std::vector<int64_t> counts(257, 0);
  for (int round = 1; round <= 200; ++round) {
    parallel.ForBlocks(257, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) ++counts[static_cast<size_t>(i)];
    });
    for (int64_t count : counts) ASSERT_EQ(count, round);
  }
}

TEST(ParallelTest, ThrowsWhatTheFirstFailingBlockThrew) {
  Parallel parallel(3);
  std::atomic<int> done = 0;
  try {
    parallel.ForBlocks(100, 10, [&](int64_t begin, int64_t) {
      ++done;
      if (begin >= 30) throw std::runtime_error(std::to_string(begin));
    });
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "30");
  }
  EXPECT_EQ(done, 10);
}

TEST(ParallelTest, RefusesNoThreadsAndEmptyBlocks) {
  EXPECT_THROW(Parallel(0), ContractViolation);
  Parallel parallel(1);
  EXPECT_EQ(parallel.threads(), 1);
  EXPECT_THROW(parallel.ForBlocks(5, 0, [](int64_t, int64_t) {}),
               ContractViolation);
}

}  // namespace
}  // namespace engram
