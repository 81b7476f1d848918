#include "core/programs/result_hash.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/base/sha256.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

using Summary = std::map<std::string, Execution::SummaryValue>;
using State = std::vector<Execution::NamedArray>;

TEST(ResultHashTest, IsTheDigestOfTheLinesThatTheHeaderNames) {
  Array<double> w(2, 3);
  const std::string zeros(48, '\0');
  const Summary summary = {{"length", {"1", Measured::Of(1.0)}},
                           {"order", {"1", Measured::Absent("no item")}}};
  const State state = {{"rule.weights", ViewOf(w, "1")}};
  const std::string lines =
      "summary length 1 3ff0000000000000\n"
      "summary order 1 absent no item\n"
      "array rule.weights float64 columns 2x3 " +
      Sha256Hex(zeros) + "\n";
  EXPECT_EQ(HashResult(summary, state), "r1:" + Sha256Hex(lines));
}

TEST(ResultHashTest, EveryBitOfEveryPartCounts) {
  Array<double> w(2, 3), other(2, 3);
  other(1, 2) = 0x1p-1000;
  const Summary one = {{"length", {"1", Measured::Of(1.0)}}};
  const Summary next = {{"length", {"1", Measured::Of(1.0 + 0x1p-52)}}};
  const State state = {{"rule.weights", ViewOf(w, "1")}};
  const State changed = {{"rule.weights", ViewOf(other, "1")}};
  EXPECT_NE(HashResult(one, state), HashResult(next, state));
  EXPECT_NE(HashResult(one, state), HashResult(one, changed));
  EXPECT_NE(HashResult(one, state), HashResult({}, state));
  EXPECT_NE(HashResult(one, state), HashResult(one, {}));
}

}  // namespace
}  // namespace engram
