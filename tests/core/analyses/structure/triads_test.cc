#include "core/analyses/structure/triads.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/base/random.h"

namespace engram {
namespace {

// Pairs (from, to).
Connections Of(int64_t units,
               const std::vector<std::pair<int64_t, int64_t>>& edges) {
  Connections c(units);
  for (const auto& [from, to] : edges) c.reaches(to, from) = 1;
  return c;
}

int64_t Count(const ConnectionCounts& counts, absl::string_view name) {
  for (size_t k = 0; k < kTriadNames.size(); ++k) {
    if (kTriadNames[k] == name) return counts.triads[k];
  }
  return -1;
}

Connections Random(int64_t units, double density, int64_t number) {
  Connections c(units);
  std::vector<double> draws(static_cast<size_t>(units * units));
  RandomStream(2, "triads", "connections").Fill(number, draws);
  for (int64_t j = 0; j < units; ++j) {
    for (int64_t i = 0; i < units; ++i) {
      const double draw = draws[static_cast<size_t>(i + units * j)];
      c.reaches(i, j) = i != j && draw < density;
    }
  }
  return c;
}

TEST(TriadsTest, NamesEveryWayInWhichThreeUnitsAreConnected) {
  struct Named {
    const char* name;
    std::vector<std::pair<int64_t, int64_t>> edges;
  };
  for (const Named& t : std::vector<Named>{
           {"003", {}},
           {"012", {{2, 1}}},
           {"102", {{0, 2}, {2, 0}}},
           {"021D", {{2, 0}, {2, 1}}},
           {"021U", {{0, 1}, {2, 1}}},
           {"021C", {{1, 2}, {2, 0}}},
           {"111D", {{0, 1}, {1, 0}, {2, 0}}},
           {"111U", {{0, 1}, {1, 0}, {0, 2}}},
           {"030T", {{0, 1}, {1, 2}, {0, 2}}},
           {"030C", {{0, 1}, {1, 2}, {2, 0}}},
           {"201", {{0, 1}, {1, 0}, {1, 2}, {2, 1}}},
           {"120D", {{0, 1}, {1, 0}, {2, 0}, {2, 1}}},
           {"120U", {{0, 1}, {1, 0}, {0, 2}, {1, 2}}},
           {"120C", {{0, 1}, {1, 0}, {0, 2}, {2, 1}}},
           {"210", {{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}}},
           {"300", {{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}}}}) {
    EXPECT_EQ(Count(CountConnections(Of(3, t.edges)), t.name), 1) << t.name;
  }
}

TEST(TriadsTest, CountsAChainOfFour) {
  const ConnectionCounts counts =
      CountConnections(Of(4, {{0, 1}, {1, 2}, {2, 3}}));
  EXPECT_EQ(counts.connections, 3);
  EXPECT_EQ(counts.mutual_pairs, 0);
  EXPECT_EQ(Count(counts, "021C"), 2);
  EXPECT_EQ(Count(counts, "012"), 2);
}

// With density p each of the six connections is there with probability p: of
// C(n, 3) triads, 6 p^2 (1-p)^4 are chains. Their number varies by some 4 %
// here (measured over numbers); 5 such are 20 %.
TEST(TriadsTest, OfRandomConnectionsHasTheExpectedChains) {
  const double p = 0.1;
  const ConnectionCounts counts = CountConnections(Random(60, p, 1));
  const double triads = 60.0 * 59 * 58 / 6;
  const double expected = triads * 6 * p * p * std::pow(1 - p, 4);
  EXPECT_NEAR(static_cast<double>(Count(counts, "021C")) / expected, 1, 0.2);
  int64_t all = 0;
  for (int64_t count : counts.triads) all += count;
  EXPECT_EQ(all, 60 * 59 * 58 / 6);
}

TEST(TriadsTest, ChanceKeepsEveryUnitsNumbersOfConnections) {
  const Connections own = Random(30, 0.2, 2);
  const RandomStream stream(3, "triads", "exchanges");
  const Connections other = DegreeMatched(own, stream, 1);
  int64_t moved = 0;
  for (int64_t i = 0; i < 30; ++i) {
    int64_t in = 0, out = 0;
    for (int64_t j = 0; j < 30; ++j) {
      in += own.reaches(i, j) - other.reaches(i, j);
      out += own.reaches(j, i) - other.reaches(j, i);
      moved += own.reaches(i, j) != other.reaches(i, j);
    }
    EXPECT_EQ(in, 0);
    EXPECT_EQ(out, 0);
    EXPECT_EQ(other.reaches(i, i), 0);
  }
  EXPECT_GT(moved, 100);
}

TEST(TriadsTest, StrongWeightsConnectAndOwnOnesDoNot) {
  Array<double> w(2, 2);
  w(0, 0) = 5, w(0, 1) = -4, w(1, 0) = 2;
  const Connections c = StrongConnections(w, 0.3);
  EXPECT_EQ(c.reaches(0, 0), 0);
  EXPECT_EQ(c.reaches(0, 1), 0);
  EXPECT_EQ(c.reaches(1, 0), 1);
}

}  // namespace
}  // namespace engram
