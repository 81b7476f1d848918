#include "core/programs/stimulus_player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/allocations.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double kDt = 0.5;  // [ms]

StimulationProtocol TwoSynapses() {
  StimulationProtocol protocol{
      .axis = "delta", .axis_unit = "ms", .steps = 20, .points = {}};
  protocol.points.push_back({0, {SynapseStimulus{.pre = {2, 4}, .post = {4}}}});
  SynapseStimulus given;
  given.pre = {4};
  given.pre_rate = {{0, 0.25}, {6, 0.5}};
  given.modulator = {{0, 0}, {5, 7}, {6, 0}};
  protocol.points.push_back({1, {given}});
  return protocol;
}

StimulusPlayer Player() { return {TwoSynapses(), 3, 1.5, kDt}; }

TEST(StimulusPlayerTest, GivesTheSpikesOfAStepInOrderOfUnits) {
  StimulusPlayer player = Player();
  std::vector<std::vector<int32_t>> pre, post;
  for (int step = 0; step < 6; ++step) {
    const Signals<double> s = player.Next();
    pre.emplace_back(s.pre_spikes.begin(), s.pre_spikes.end());
    post.emplace_back(s.post_spikes.begin(), s.post_spikes.end());
    EXPECT_EQ(s.dt, kDt);
  }
  EXPECT_THAT(pre[2], ElementsAre(0));
  EXPECT_THAT(pre[3], IsEmpty());
  EXPECT_THAT(pre[4], ElementsAre(0, 1));
  EXPECT_THAT(post[4], ElementsAre(0));
}

// Spikes at steps 2 and 4 with pulses of three steps: 2, 3 and 5, 6 hold one,
// 4 holds both.
TEST(StimulusPlayerTest, RatesAreOverlappingPulsesUnlessGiven) {
  StimulusPlayer player = Player();
  std::vector<double> pulses, given, modulator;
  for (int step = 0; step < 9; ++step) {
    const Signals<double> s = player.Next();
    pulses.push_back(s.pre[0]);
    given.push_back(s.pre[1]);
    modulator.push_back(s.modulator[1]);
    EXPECT_EQ(s.modulator[0], 1.5);
    EXPECT_EQ(s.post[1], 0);
  }
  EXPECT_THAT(pulses, ElementsAre(0, 0, 1, 1, 2, 1, 1, 0, 0));
  EXPECT_THAT(given,
              ElementsAre(0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5));
  EXPECT_THAT(modulator, ElementsAre(0, 0, 0, 0, 0, 7, 0, 0, 0));
}

TEST(StimulusPlayerTest, GivenRatesEndWithTheProtocol) {
  StimulusPlayer player = Player();
  player.Seek(19);
  EXPECT_EQ(player.Next().pre[1], 0.5);
  EXPECT_EQ(player.Next().pre[1], 0);
}

TEST(StimulusPlayerTest, SeekingIsPlayingUpToThere) {
  for (int64_t to = 0; to < 12; ++to) {
    StimulusPlayer played = Player(), sought = Player();
    for (int64_t step = 0; step < to; ++step) played.Next();
    for (int step = 0; step < 5; ++step) sought.Next();
    sought.Seek(to);
    const Signals<double> a = played.Next(), b = sought.Next();
    for (size_t k = 0; k < 2; ++k) {
      EXPECT_EQ(a.pre[k], b.pre[k]) << "step " << to;
      EXPECT_EQ(a.post[k], b.post[k]);
      EXPECT_EQ(a.modulator[k], b.modulator[k]);
    }
    EXPECT_EQ(a.pre_spikes.size(), b.pre_spikes.size());
    EXPECT_EQ(a.post_spikes.size(), b.post_spikes.size());
  }
}

TEST(StimulusPlayerTest, AStepAllocatesNothing) {
  StimulusPlayer player = Player();
  const int64_t before = AllocationCount();
  for (int step = 0; step < 20; ++step) player.Next();
  EXPECT_EQ(AllocationCount(), before);
}

}  // namespace
}  // namespace engram
