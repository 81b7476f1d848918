// Each protocol's spikes, where the experiment that it is named for has them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using Steps = std::vector<int64_t>;

StimulationProtocol Make(const std::string& yaml, double dt = 1) {
  return MakeProtocol(Tree(yaml, Kind::kProtocol, "experiment.protocol"), 1,
                      dt);
}

const SynapseStimulus& At(const StimulationProtocol& protocol, size_t i) {
  return protocol.points.at(i).synapses.at(0);
}

std::string FaultOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProtocol, "experiment.protocol", faults);
  EXPECT_EQ(faults.size(), 1u) << yaml;
  return faults.empty() ? "" : faults[0].message;
}

TEST(PairingsTest, SixtyPairsAtOneHertzOverTwoHundredMilliseconds) {
  const StimulationProtocol protocol = Make("{type: pairings}");
  ASSERT_THAT(protocol.points, SizeIs(41));
  EXPECT_EQ(protocol.points.front().x, -100);
  EXPECT_EQ(protocol.points.back().x, 100);
  for (const ProtocolPoint& point : protocol.points) {
    const SynapseStimulus& stimulus = point.synapses[0];
    ASSERT_THAT(stimulus.pre, SizeIs(60));
    ASSERT_THAT(stimulus.post, SizeIs(60));
    for (size_t k = 0; k < 60; ++k) {
      EXPECT_EQ(stimulus.pre[k], 100 + 1000 * static_cast<int64_t>(k));
      EXPECT_EQ(static_cast<double>(stimulus.post[k] - stimulus.pre[k]),
                point.x);
    }
  }
}

TEST(PairingsTest, RefusesDeltasThatDoNotRise) {
  EXPECT_THAT(FaultOf("{type: pairings, deltas: [10, 10]}"),
              HasSubstr("deltas has 10 after 10"));
  EXPECT_THAT(FaultOf("{type: pairings, deltas: []}"),
              HasSubstr("deltas is empty"));
}

// 30 Hz is no multiple of 0.1 ms: pairs move to the grid, intervals stay.
TEST(MotifTest, KeepsIntervalsOffTheGrid) {
  const StimulationProtocol protocol =
      Make("{type: pairing_frequency, frequencies: [30], delta: 7 ms}", 0.1);
  const SynapseStimulus& stimulus = At(protocol, 0);
  for (size_t k = 0; k < stimulus.pre.size(); ++k) {
    EXPECT_EQ(stimulus.post[k] - stimulus.pre[k], 70);
  }
  EXPECT_THAT(Steps(stimulus.pre.begin(), stimulus.pre.begin() + 5),
              ElementsAre(0, 333, 667, 1000, 1333));
}

TEST(PairingFrequencyTest, FivePairsFifteenTimesEveryTenSeconds) {
  const StimulationProtocol protocol =
      Make("{type: pairing_frequency, delta: -10 ms}");
  ASSERT_THAT(protocol.points, SizeIs(5));
  for (const ProtocolPoint& point : protocol.points) {
    EXPECT_THAT(point.synapses[0].pre, SizeIs(75));
  }
  const SynapseStimulus& at_20 = At(protocol, 2);
  EXPECT_THAT(Steps(at_20.pre.begin(), at_20.pre.begin() + 6),
              ElementsAre(10, 60, 110, 160, 210, 10010));
  EXPECT_EQ(at_20.post[0], 0);
  // At 0.1 Hz five pairs take 50 s, so all 75 come in one rhythm.
  const SynapseStimulus& slow = At(protocol, 0);
  for (size_t k = 1; k < slow.pre.size(); ++k) {
    EXPECT_EQ(slow.pre[k] - slow.pre[k - 1], 10000);
  }
}

TEST(TripletsTest, OuterSpikesAreOfTheNamedSide) {
  const StimulationProtocol pre_post_pre = Make("{type: triplets, count: 1}");
  ASSERT_THAT(pre_post_pre.points, SizeIs(4));
  EXPECT_THAT(At(pre_post_pre, 2).pre, ElementsAre(0, 20));
  EXPECT_THAT(At(pre_post_pre, 2).post, ElementsAre(15));
  const StimulationProtocol post_pre_post =
      Make("{type: triplets, order: post_pre_post, count: 1}");
  EXPECT_THAT(At(post_pre_post, 3).post, ElementsAre(0, 20));
  EXPECT_THAT(At(post_pre_post, 3).pre, ElementsAre(5));
}

TEST(TripletsTest, RefusesListsOfTwoLengths) {
  EXPECT_THAT(FaultOf("{type: triplets, first: [5]}"),
              HasSubstr("second has 4 values, first has 1"));
}

TEST(QuadrupletsTest, TheIntervalIsThatOfTheMiddles) {
  const StimulationProtocol protocol =
      Make("{type: quadruplets, intervals: [-20, 20], delta: 4, count: 1}");
  const auto middles_apart = [](const SynapseStimulus& s, bool post_pre_first) {
    const size_t first = 0, last = 1;
    const size_t post_pre = post_pre_first ? first : last;
    const size_t pre_post = post_pre_first ? last : first;
    EXPECT_EQ(s.pre[post_pre] - s.post[post_pre], 4);
    EXPECT_EQ(s.post[pre_post] - s.pre[pre_post], 4);
    return (s.pre[pre_post] + s.post[pre_post]) / 2 -
           (s.pre[post_pre] + s.post[post_pre]) / 2;
  };
  EXPECT_EQ(middles_apart(At(protocol, 0), false), -20);
  EXPECT_EQ(middles_apart(At(protocol, 1), true), 20);
}

TEST(BurstsTest, LagIsBetweenFirstSpikes) {
  const StimulationProtocol protocol =
      Make("{type: bursts, deltas: [-10, 5], count: 1}");
  EXPECT_THAT(At(protocol, 0).pre, ElementsAre(10));
  EXPECT_THAT(At(protocol, 0).post, ElementsAre(0, 10, 20));
  EXPECT_THAT(At(protocol, 1).post, ElementsAre(15, 25, 35));
}

TEST(SpikeTimesTest, AreAsGivenAndShifted) {
  const StimulationProtocol protocol = Make(
      "{type: spike_times, pre: [0, 30], post: [7], shifts: [-20, 0], "
      "count: 2, period: 100 ms}");
  EXPECT_THAT(At(protocol, 0).pre, ElementsAre(13, 43, 113, 143));
  EXPECT_THAT(At(protocol, 0).post, ElementsAre(0, 100));
  EXPECT_THAT(At(protocol, 1).post, ElementsAre(20, 120));
}

TEST(SpikeTimesTest, ItsModulatorCountsFromTheFirstStart) {
  const StimulationProtocol protocol = Make(
      "{type: spike_times, pre: [0], post: [7], shifts: [-20, 0], "
      "modulator: [[0, 1], [5, 0]]}");
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(At(protocol, i).pre[0], 13);
    EXPECT_THAT(At(protocol, i).modulator,
                ElementsAre(Level{0, 0}, Level{13, 1}, Level{18, 0}));
  }
}

// The number of spikes in T is binomial with mean r T: five standard errors of
// the mean over the synapses of a point.
TEST(PoissonTrainsTest, HaveTheirRates) {
  const StimulationProtocol protocol = Make(
      "{type: poisson_trains, pre_rate: 20 Hz, post_rates: [0, 50, 200], "
      "duration: 20 s, synapses: 50}");
  for (const ProtocolPoint& point : protocol.points) {
    double pre = 0, post = 0;
    for (const SynapseStimulus& s : point.synapses) {
      pre += static_cast<double>(s.pre.size());
      post += static_cast<double>(s.post.size());
    }
    EXPECT_NEAR(pre, 20 * 20 * 50, 5 * std::sqrt(20.0 * 20 * 50));
    EXPECT_NEAR(post, point.x * 20 * 50, 5 * std::sqrt(point.x * 20 * 50));
  }
}

// Gaps of a Bernoulli train with probability p are geometric: mean 1/p, and the
// share of gaps of one step is p.
TEST(PoissonTrainsTest, GapsAreGeometric) {
  const StimulationProtocol protocol = Make(
      "{type: poisson_trains, post_rates: [100], duration: 100 s, "
      "synapses: 10}");
  double ones = 0, gaps = 0;
  for (const SynapseStimulus& s : protocol.points[0].synapses) {
    for (size_t k = 1; k < s.post.size(); ++k) {
      gaps += 1;
      ones += s.post[k] - s.post[k - 1] == 1 ? 1 : 0;
    }
  }
  EXPECT_NEAR(ones / gaps, 0.1, 5 * std::sqrt(0.1 * 0.9 / gaps));
}

TEST(PoissonTrainsTest, ARateOfOneSpikeAStepFillsEveryStep) {
  const StimulationProtocol protocol = Make(
      "{type: poisson_trains, post_rates: [1000], duration: 50 ms, "
      "synapses: 1}");
  EXPECT_THAT(At(protocol, 0).post, SizeIs(50));
}

TEST(RateCoursesTest, AreZeroBeforeTheirFirstLevel) {
  const StimulationProtocol protocol = Make(
      "{type: rate_courses, pre: [[0, 1], [20, 0]], "
      "post: [[5, 2], [10, 0.5]], modulator: [[50, 3]], "
      "shifts: [-10, 0]}");
  EXPECT_THAT(At(protocol, 0).pre_rate,
              ElementsAre(Level{0, 0}, Level{10, 1}, Level{30, 0}));
  EXPECT_THAT(At(protocol, 0).post_rate,
              ElementsAre(Level{0, 0}, Level{5, 2}, Level{10, 0.5}));
  EXPECT_THAT(At(protocol, 1).post_rate,
              ElementsAre(Level{0, 0}, Level{15, 2}, Level{20, 0.5}));
  EXPECT_THAT(At(protocol, 1).modulator,
              ElementsAre(Level{0, 0}, Level{60, 3}));
}

TEST(RateCoursesTest, RefusesTimesThatDoNotRise) {
  EXPECT_THAT(FaultOf("{type: rate_courses, pre: [[0, 1], [0, 2]]}"),
              HasSubstr("pre has a level from 0 ms"));
  EXPECT_THAT(FaultOf("{type: rate_courses, post: [[0, 1, 2]]}"),
              HasSubstr("write [time in ms, value]"));
}

TEST(DelayedRewardTest, TheRewardCountsFromTheLaterSpike) {
  const StimulationProtocol protocol = Make(
      "{type: delayed_reward, delays: [0, 100], delta: 10 ms, "
      "reward: 2, reward_duration: 5 ms}");
  EXPECT_THAT(At(protocol, 1).post, ElementsAre(10));
  EXPECT_THAT(At(protocol, 1).modulator,
              ElementsAre(Level{0, 0}, Level{110, 2}, Level{115, 0}));
}

TEST(DelayedRewardTest, RefusesAPeriodThatTheRewardOutlasts) {
  EXPECT_THAT(FaultOf("{type: delayed_reward, period: 1000 ms}"),
              HasSubstr("a pair with its last reward takes 4020 ms"));
}

}  // namespace
}  // namespace engram
