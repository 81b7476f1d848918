// What holds for every stimulation protocol of the catalog.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "core/tasks/protocol_catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

std::vector<std::string> ProtocolTypes() {
  std::vector<std::string> types;
  for (const ProtocolRow& row : ProtocolRows()) types.push_back(row.spec.type);
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

class EveryProtocol : public testing::TestWithParam<std::string> {
 protected:
  Component Default() const {
    return Tree("{type: " + GetParam() + "}", Kind::kProtocol,
                "experiment.protocol");
  }
  StimulationProtocol Make(uint64_t seed, double dt) const {
    return MakeProtocol(Default(), seed, dt);
  }
};

void ExpectLevels(const std::vector<Level>& levels, int64_t steps) {
  for (size_t i = 0; i < levels.size(); ++i) {
    EXPECT_GE(levels[i].from, i == 0 ? 0 : levels[i - 1].from + 1);
    EXPECT_LE(levels[i].from, steps);
  }
}

void ExpectSpikes(const std::vector<int64_t>& spikes, int64_t steps) {
  EXPECT_TRUE(std::ranges::is_sorted(spikes, std::less_equal<>()));
  if (spikes.empty()) return;
  EXPECT_GE(spikes.front(), 0);
  EXPECT_LT(spikes.back(), steps);
}

TEST_P(EveryProtocol, StimuliLieInItsTimeAndInOrder) {
  for (const double dt : {1.0, 0.1}) {
    const StimulationProtocol protocol = Make(1, dt);
    EXPECT_FALSE(protocol.axis.empty());
    EXPECT_FALSE(protocol.axis_unit.empty());
    EXPECT_FALSE(protocol.points.empty());
    for (const ProtocolPoint& point : protocol.points) {
      EXPECT_FALSE(point.synapses.empty());
      for (const SynapseStimulus& stimulus : point.synapses) {
        ExpectSpikes(stimulus.pre, protocol.steps);
        ExpectSpikes(stimulus.post, protocol.steps);
        ExpectLevels(stimulus.pre_rate, protocol.steps);
        ExpectLevels(stimulus.post_rate, protocol.steps);
        ExpectLevels(stimulus.modulator, protocol.steps);
      }
    }
  }
}

TEST_P(EveryProtocol, ItsAxisRises) {
  const StimulationProtocol protocol = Make(1, 0.1);
  for (size_t i = 1; i < protocol.points.size(); ++i) {
    EXPECT_GT(protocol.points[i].x, protocol.points[i - 1].x);
  }
}

TEST_P(EveryProtocol, GivesWhatItsRowSays) {
  double spikes = 0, rates = 0;
  for (const ProtocolPoint& point : Make(1, 0.1).points) {
    for (const SynapseStimulus& stimulus : point.synapses) {
      spikes += static_cast<double>(stimulus.pre.size() + stimulus.post.size());
      rates += static_cast<double>(stimulus.pre_rate.size());
    }
  }
  for (const ProtocolRow& row : ProtocolRows()) {
    if (row.spec.type != GetParam()) continue;
    EXPECT_EQ(spikes > 0, row.gives_spikes);
    EXPECT_EQ(rates > 0, !row.gives_spikes);
  }
}

TEST_P(EveryProtocol, KnowsItsSizeBeforeItIsMade) {
  const ProtocolSize size = SizeOfProtocol(Default());
  const double dt = 0.1;
  const StimulationProtocol protocol = Make(1, dt);
  double synapses = 0, spikes = 0;
  for (const ProtocolPoint& point : protocol.points) {
    for (const SynapseStimulus& stimulus : point.synapses) {
      synapses += 1;
      spikes += static_cast<double>(stimulus.pre.size() + stimulus.post.size());
    }
  }
  EXPECT_EQ(size.synapses, synapses);
  // Of Poisson trains the expectation: five standard deviations.
  EXPECT_NEAR(size.spikes, spikes, 5 * std::sqrt(size.spikes) + 1e-9);
  const double duration = static_cast<double>(protocol.steps) * dt;
  EXPECT_NEAR(size.duration_ms, duration, 0.1 * duration + 200);
}

TEST_P(EveryProtocol, SameSeedSameStimuli) {
  const auto spikes = [](const StimulationProtocol& protocol) {
    std::vector<int64_t> all;
    for (const ProtocolPoint& point : protocol.points) {
      for (const SynapseStimulus& s : point.synapses) {
        all.insert(all.end(), s.pre.begin(), s.pre.end());
        all.insert(all.end(), s.post.begin(), s.post.end());
      }
    }
    return all;
  };
  EXPECT_EQ(spikes(Make(3, 0.1)), spikes(Make(3, 0.1)));
  if (GetParam() == "poisson_trains") {
    EXPECT_NE(spikes(Make(3, 0.1)), spikes(Make(4, 0.1)));
  } else {
    EXPECT_EQ(spikes(Make(3, 0.1)), spikes(Make(4, 0.1)));
  }
}

TEST_P(EveryProtocol, RefusesUnknownParameters) {
  Faults faults;
  ReadTree("{type: " + GetParam() + ", no_such_thing: 1}", Kind::kProtocol,
           "experiment.protocol", faults);
  EXPECT_EQ(faults.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Protocols, EveryProtocol,
                         testing::ValuesIn(ProtocolTypes()), ParamName);

}  // namespace
}  // namespace engram
