#include "server/queue/run_name.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "gtest/gtest.h"

namespace engram {
namespace {

TEST(RunNameTest, NamesAreThoseOfTheWire) {
  const RunName run{"k7m2q9xw4p", 17};
  EXPECT_EQ(run.Full(), "experiments/k7m2q9xw4p/runs/17");
  EXPECT_EQ(run.Short(), "k7m2q9xw4p/17");
  EXPECT_EQ(run.Attempt(2), "experiments/k7m2q9xw4p/runs/17/attempts/2");
  EXPECT_EQ(run.Verification(3),
            "experiments/k7m2q9xw4p/runs/17/verifications/3");
}

TEST(RunNameTest, ExperimentIdsAreTenPlainLettersAndDigits) {
  std::set<std::string> ids;
  for (int i = 0; i < 200; ++i) {
    const std::string id = MakeExperimentId();
    EXPECT_EQ(id.size(), 10u);
    EXPECT_TRUE(absl::ascii_islower(static_cast<unsigned char>(id[0]))) << id;
    EXPECT_TRUE(std::all_of(id.begin(), id.end(), [](char c) {
      return absl::ascii_isalnum(static_cast<unsigned char>(c));
    })) << id;
    EXPECT_EQ(id.find_first_of("01lo"), std::string::npos) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 200u);
}

}  // namespace
}  // namespace engram
