#include "server/queue/disk_guard.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int64_t kMark = 1'000'000'000;

TEST(DiskGuardTest, SaysWhatIsFreeAndWhatIsWanted) {
  DiskGuard guard([] { return int64_t{400'000'000}; }, kMark);
  const absl::Status status = guard.Admit();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("400 MB are free"), HasSubstr("1000 MB"),
                    HasSubstr("disk_low_water"), HasSubstr("engram admin gc")));
}

TEST(DiskGuardTest, IsLowBelowTheMarkAlone) {
  int64_t free_bytes = kMark;
  DiskGuard guard([&] { return free_bytes; }, kMark);
  EXPECT_FALSE(guard.IsLow());
  EXPECT_TRUE(guard.Admit().ok());
  free_bytes = kMark - 1;
  EXPECT_TRUE(guard.IsLow());
}

TEST(DiskGuardTest, StaysLowUntilThereIsATwentiethMore) {
  int64_t free_bytes = kMark - 1;
  DiskGuard guard([&] { return free_bytes; }, kMark);
  ASSERT_TRUE(guard.IsLow());
  free_bytes = kMark + kMark / 20 - 1;
  EXPECT_TRUE(guard.IsLow());
  EXPECT_FALSE(guard.Admit().ok());
  free_bytes = kMark + kMark / 20;
  EXPECT_FALSE(guard.IsLow());
  free_bytes = kMark;
  EXPECT_FALSE(guard.IsLow()) << "above the mark it was never low again";
}

TEST(DiskGuardTest, AMarkOfNoneIsNeverReached) {
  DiskGuard guard([] { return int64_t{0}; }, 0);
  EXPECT_FALSE(guard.IsLow());
  EXPECT_TRUE(guard.Admit().ok());
}

}  // namespace
}  // namespace engram
