// A spike of step k arrives in the input of step k + d, wherever the units lie.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "tests/core/spiking/built_network.h"

namespace engram {
namespace {

constexpr double kTau = 5;  // of i_e below [ms]

// One unit that is made to fire at 10 ms: the current of step 20 moves its
// potential in the next.
std::string Pre() {
  return "{type: lif_current_exponential, name: pre, units: 1, e_l: -70, "
         "tau_e: 0.02}";
}
std::string PreDrive() {
  return "{type: step_current, to: pre, times: [10, 10.5], values: [1e6, 0]}";
}
constexpr int64_t kFired = 21;  // step, of 0.5 ms

// It, and many that listen after delays of their own.
std::string OneToMany(int units) {
  return "dt: 0.5 ms, duration: 40 ms, populations: [" + Pre() +
         ", "
         "{type: lif_current_exponential, name: post, units: " +
         std::to_string(units) +
         ", e_l: -70, tau_e: 5}], "
         "projections: [{type: synapses, from: pre, to: post, "
         "connectivity: {type: all_to_all}, "
         "weights: {type: uniform, low: 0.5, high: 1}, "
         "delays: {type: uniform, low: 0.5, high: 12}}], "
         "stimuli: [" +
         PreDrive() + "]";
}

struct Synapse {
  int64_t delay;
  double weight;
};

template <class Real>
std::map<int64_t, Synapse> SynapsesOf(const Projection<Real>& projection,
                                      int64_t stride) {
  std::map<int64_t, Synapse> synapses;
  for (const SynapseTable<Real>& table : projection.tables()) {
    for (int64_t k = 0; k < table.synapses(); ++k) {
      const int64_t offset = table.offset[k];
      const double weight = table.weight.size() == 0
                                ? static_cast<double>(projection.one_weight())
                                : static_cast<double>(table.weight[k]);
      synapses[offset % stride] = {offset / stride + 1, weight};
    }
  }
  return synapses;
}

template <class Real>
void ExpectArrivals(int units, double tolerance) {
  BuiltNetwork<Real> net(OneToMany(units));
  ASSERT_EQ(net->synapses(), units);
  const auto synapses =
      SynapsesOf(net->projections().front(), InputRing<Real>::Stride(units));
  ASSERT_EQ(static_cast<int>(synapses.size()), units);
  std::set<int64_t> delays;
  int64_t fired = -1;
  for (int64_t step = 0; step < net.plan().steps; ++step) {
    net->Advance(1);
    if (!net->spikes(0).At(step).empty()) {
      ASSERT_EQ(fired, -1) << "fired twice";
      fired = step;
    }
    const std::vector<Real> i_e = net.Read("post.i_e");
    for (const auto& [unit, synapse] : synapses) {
      // It has come at the end of its step, and has decayed over those since.
      const int64_t since = step - (fired + synapse.delay);
      const bool has_come = fired >= 0 && since >= 0;
      const double expected =
          has_come ? synapse.weight *
                         std::exp(-0.5 * static_cast<double>(since) / kTau)
                   : 0;
      ASSERT_NEAR(i_e[static_cast<size_t>(unit)], expected, tolerance)
          << "unit " << unit << " at step " << step;
      delays.insert(synapse.delay);
    }
  }
  EXPECT_EQ(fired, kFired);
  // Of 1 to 24 steps, nearly all occur.
  EXPECT_GE(delays.size(), 18U);
}

TEST(DeliveryTest, EachSpikeArrivesExactlyAfterItsDelay) {
  ExpectArrivals<double>(150, 1e-12);
}

TEST(DeliveryTest, LikewiseInSinglePrecision) {
  ExpectArrivals<float>(150, 1e-6);
}

// Several shards: each holds a part of the row.
TEST(DeliveryTest, LikewiseAcrossShards) {
  BuiltNetwork<double> net(OneToMany(7000));
  EXPECT_EQ(net.plan().shards, 2);
  ExpectArrivals<double>(7000, 1e-12);
}

// Synapses in no order, two of one pair, and one weight of 0; the unit fires in
// step 21, as above.
TEST(DeliveryTest, ListedSynapsesHaveTheirOwnWeightsAndDelays) {
  BuiltNetwork<double> net(
      "dt: 0.5 ms, duration: 40 ms, populations: ["
      "{type: lif_current_exponential, name: pre, units: 1, e_l: -70, "
      "tau_e: 0.02}, {type: lif_current_exponential, name: post, units: 3, "
      "e_l: -70, tau_e: 1e5}], projections: [{type: synapses, from: pre, "
      "to: post, weight: 99, connectivity: {type: explicit_list, "
      "pre: [0, 0, 0, 0], post: [2, 0, 2, 1], weights: [4, 1, 2, 0], "
      "delays: [1 ms, 0.5 ms, 3 ms, 2 ms]}}], "
      "stimuli: [{type: step_current, to: pre, times: [10, 10.5], "
      "values: [1e6, 0]}]");
  EXPECT_EQ(net.plan().min_delay, 1);
  const auto expect = [&](int64_t step, std::vector<double> want) {
    net->Advance(step + 1 - net->step());
    const std::vector<double> i_e = net.Read("post.i_e");
    for (size_t k = 0; k < 3; ++k) EXPECT_NEAR(i_e[k], want[k], 1e-3) << step;
  };
  expect(21, {0, 0, 0});
  expect(22, {1, 0, 0});
  expect(23, {1, 0, 4});
  expect(26, {1, 0, 4});
  expect(27, {1, 0, 6});
}

// Rows are added in blocks; of each length every synapse arrives once, to the
// last bit, where all have one delay and where the last comes a step later.
template <class Real>
void ExpectRowOf(int size, bool has_one_delay) {
  std::string pre, post, weights, delays;
  for (int k = 0; k < size; ++k) {
    const std::string comma = k == 0 ? "" : ", ";
    pre += comma + "0";
    post += comma + std::to_string(k);
    weights += comma + std::to_string(k + 1);
    delays += comma + (has_one_delay || k + 1 < size ? "0.5 ms" : "1 ms");
  }
  BuiltNetwork<Real> net(
      "dt: 0.5 ms, duration: 40 ms, populations: [" + Pre() +
      ", {type: lif_current_exponential, name: post, units: 40, e_l: -70, "
      "tau_e: 5}], projections: [{type: synapses, from: pre, to: post, "
      "connectivity: {type: explicit_list, pre: [" +
      pre + "], post: [" + post + "], weights: [" + weights + "], delays: [" +
      delays + "]}}], stimuli: [" + PreDrive() + "]");
  const auto& table = net->projections().front().tables().front();
  ASSERT_EQ(table.is_one_column(), has_one_delay) << size;
  net->Advance(kFired + 2);
  const std::vector<Real> i_e = net.Read("post.i_e");
  const int come = has_one_delay ? size : size - 1;
  for (int k = 0; k < 40; ++k) {
    EXPECT_EQ(i_e[static_cast<size_t>(k)], k < come ? k + 1 : 0)
        << "unit " << k << " of a row of " << size;
  }
}

TEST(DeliveryTest, RowsOfAnyLengthArriveWhole) {
  for (int size = 1; size <= 33; ++size) {
    ExpectRowOf<float>(size, true);
    ExpectRowOf<double>(size, true);
    if (size > 1) ExpectRowOf<double>(size, false);
  }
}

// Spikes whose synapses all have one delay and whose input is added to a
// current need no ring.
template <class Real>
void ExpectArrivalsAtOnce(int units, double tolerance) {
  constexpr int64_t kDelay = 13;
  BuiltNetwork<Real> net(
      "dt: 0.5 ms, duration: 30 ms, populations: [" + Pre() +
      ", {type: lif_current_exponential, name: post, units: " +
      std::to_string(units) +
      ", e_l: -70, tau_e: 5}], projections: [{type: synapses, from: pre, to: "
      "post, weight: 3, delay: 6.5 ms, connectivity: {type: "
      "fixed_probability, p: 0.5}}], stimuli: [" +
      PreDrive() + "]");
  const ProjectionPiece& piece = net->projections().front().piece();
  ASSERT_TRUE(piece.is_added_at_once);
  std::set<int64_t> targets;
  for (const auto& table : net->projections().front().tables()) {
    EXPECT_EQ(table.bytes(), static_cast<size_t>(2 * table.synapses()));
    for (int64_t k = 0; k < table.synapses(); ++k) {
      targets.insert(table.first_offset + table.near_offset[k]);
    }
  }
  ASSERT_GT(static_cast<int>(targets.size()), units / 3);
  ASSERT_LT(static_cast<int>(targets.size()), units * 2 / 3);
  for (int64_t step = 0; step < net.plan().steps; ++step) {
    net->Advance(1);
    const double since = static_cast<double>(step - (kFired + kDelay));
    const double expected = since < 0 ? 0 : 3 * std::exp(-0.5 * since / kTau);
    const std::vector<Real> i_e = net.Read("post.i_e");
    for (int64_t unit = 0; unit < units; ++unit) {
      ASSERT_NEAR(i_e[static_cast<size_t>(unit)],
                  targets.contains(unit) ? expected : 0, tolerance)
          << "unit " << unit << " at step " << step;
    }
  }
}

TEST(DeliveryTest, InputIsAddedAtOnceAfterItsDelay) {
  ExpectArrivalsAtOnce<double>(150, 1e-12);
  ExpectArrivalsAtOnce<float>(150, 1e-6);
}

TEST(DeliveryTest, LikewiseInEachShard) {
  ExpectArrivalsAtOnce<double>(6000, 1e-12);
}

// One projection that is added at once, one through the ring, and a stimulus.
TEST(DeliveryTest, AllWaysToOneReceptorAddUp) {
  BuiltNetwork<double> net(
      "dt: 0.5 ms, duration: 30 ms, populations: [" + Pre() +
      ", {type: lif_current_exponential, name: post, units: 3, e_l: -70, "
      "tau_e: 5}], projections: [{type: synapses, from: pre, to: post, weight: "
      "3, delay: 2 ms, connectivity: {type: all_to_all}}, {type: synapses, "
      "from: pre, to: post, weight: 5, delays: {type: uniform, low: 1.9, high: "
      "2.8}, connectivity: {type: all_to_all}}], stimuli: [" +
      PreDrive() +
      ", {type: step_current, to: post, receptor: excitatory, times: [11, "
      "11.5], values: [7, 0]}]");
  ASSERT_TRUE(net->projections()[0].piece().is_added_at_once);
  ASSERT_FALSE(net->projections()[1].piece().is_added_at_once);
  const auto delays = SynapsesOf(net->projections()[1], 64);
  net->Advance(40);
  for (int64_t unit = 0; unit < 3; ++unit) {
    const auto left = [](int64_t step) {
      return std::exp(-0.5 * static_cast<double>(39 - step) / kTau);
    };
    EXPECT_NEAR(net.Read("post.i_e")[static_cast<size_t>(unit)],
                3 * left(kFired + 4) +
                    5 * left(kFired + delays.at(unit).delay) + 7 * left(22),
                1e-12);
  }
}

// What sums a receptor's inputs up otherwise is reached through its ring, and
// so is a synapse whose weight a spike changes.
TEST(DeliveryTest, OnlyPlainSumsAreAddedAtOnce) {
  const auto is_added = [](const std::string& post, const std::string& more) {
    BuiltNetwork<double> net(
        "populations: [{type: poisson_generator, name: pre, units: 2}, "
        "{type: " +
        post +
        ", name: post, units: 2}], projections: [{type: "
        "synapses, from: pre, to: post, delay: 1 ms, connectivity: {type: "
        "all_to_all}" +
        more + "}]");
    return net->projections().front().piece().is_added_at_once;
  };
  for (const char* post :
       {"lif_current_exponential", "lif_conductance_exponential",
        "adaptive_exponential", "srm0_escape_rate"}) {
    EXPECT_TRUE(is_added(post, "")) << post;
    EXPECT_FALSE(is_added(post, ", short_term: {type: tsodyks_markram}"));
    EXPECT_FALSE(is_added(post, ", delays: {type: uniform, low: 1, high: 2}"));
  }
  for (const char* post : {"lif_current_alpha", "lif_conductance_alpha",
                           "lif_delta", "izhikevich"}) {
    EXPECT_FALSE(is_added(post, "")) << post;
  }
}

// Two delays, of which the longer leaves spikes underway for several stretches.
std::string Underway() {
  return "dt: 0.1 ms, populations: [" + Driven("pre", 200) +
         ", {type: lif_conductance_exponential, name: post, units: 300}], "
         "projections: [{type: synapses, from: pre, to: post, weight: 0.3, "
         "delay: 0.7 ms, connectivity: {type: fixed_probability, p: 0.5}}, "
         "{type: synapses, from: pre, to: post, weight: 0.4, delay: 2.9 ms, "
         "connectivity: {type: fixed_probability, p: 0.5}}], stimuli: [" +
         Drive("pre", 200) + "]";
}

TEST(DeliveryTest, WhatIsAddedAtOnceDoesNotDependOnCutsOfTime) {
  BuiltNetwork<double> whole(Underway()), cut(Underway());
  whole->Advance(600);
  for (const int64_t steps : {1, 5, 7, 13, 3, 200, 71, 300}) {
    cut->Advance(steps);
  }
  for (const char* array : {"post.v", "post.g_e"}) {
    EXPECT_EQ(whole.Read(array), cut.Read(array));
    EXPECT_NE(whole.Read(array), BuiltNetwork<double>(Underway()).Read(array));
  }
}

TEST(DeliveryTest, SpikesUnderwayAreSavedAndRestored) {
  for (const int64_t at : {3, 20, 150, 301}) {
    BuiltNetwork<double> whole(Underway()), first(Underway());
    whole->Advance(400);
    first->Advance(at);
    // Into a network that has gone elsewhere, and that is looked at before it
    // goes on.
    BuiltNetwork<double> second(Underway());
    second->Advance(at + 7);
    second.CopyFrom(first);
    second.Read("post.v");
    second->Advance(400 - at);
    EXPECT_EQ(whole.Read("post.v"), second.Read("post.v")) << at;
    EXPECT_EQ(whole.Read("post.g_e"), second.Read("post.g_e")) << at;
  }
}

// 64 multiples of a step, so that no cut falls together with a stretch.
TEST(DeliveryTest, HoweverTimeIsCutTheBitsAreTheSame) {
  const std::string yaml =
      "dt: 0.1 ms, populations: [" + Driven("pre", 200) +
      ", {type: lif_current_exponential, name: post, units: 300}], "
      "projections: [{type: synapses, from: pre, to: post, weight: 0.3, "
      "connectivity: {type: fixed_probability, p: 0.5}, "
      "delays: {type: uniform, low: 0.7, high: 3}}], stimuli: [" +
      Drive("pre", 200) + "]";
  BuiltNetwork<double> whole(yaml), cut(yaml);
  whole->Advance(600);
  for (const int64_t steps : {1, 5, 7, 13, 3, 200, 71, 300}) {
    cut->Advance(steps);
  }
  EXPECT_EQ(whole.Read("post.v"), cut.Read("post.v"));
  EXPECT_EQ(whole.Read("post.input_excitatory"),
            cut.Read("post.input_excitatory"));
  EXPECT_NE(whole.Read("post.v"), BuiltNetwork<double>(yaml).Read("post.v"));
}

// Rows of a table that outgrows the caches are sent for ahead, from units some
// of which lie outside of the projection.
TEST(DeliveryTest, RowsOfALargeTableArriveWhole) {
  constexpr size_t kUnits = 300;
  constexpr int64_t kFirst = 40, kSteps = 120;
  constexpr double kDecay = 0.95122942450071400910;  // exp(-0.5 / 10)
  BuiltNetwork<double> net(
      "dt: 0.5 ms, populations: [" + Driven("pre", kUnits) +
      ", {type: lif_current_exponential, name: post, units: 300, e_l: -1000, "
      "tau_e: 10}], projections: [{type: synapses, from: \"pre[40:300]\", to: "
      "post, weights: {type: uniform, low: 0, high: 1}, "
      "delay: 2 ms, connectivity: {type: fixed_probability, p: 0.9}}], "
      "stimuli: [" +
      Drive("pre", 30) + "]");
  const SynapseTable<double>& table = net->projections()[0].tables()[0];
  ASSERT_GT(table.synapses(), 1 << 16);
  // Where input is added at once an offset is the target alone, which is near
  // the only shard's first unit, 0.
  EXPECT_EQ(table.first_offset, 0U);
  const int64_t delay = net->projections()[0].piece().plan->delay.lowest;
  std::vector<double> expected(kUnits, 0);
  std::vector<std::vector<int32_t>> fired;
  int64_t arrived = 0;
  for (int64_t step = 0; step < kSteps; ++step) {
    net->Advance(1);
    const auto now = net->spikes(0).At(step);
    fired.emplace_back(now.begin(), now.end());
    for (double& i : expected) i *= kDecay;
    if (step < delay) continue;
    for (const int32_t unit : fired[static_cast<size_t>(step - delay)]) {
      if (unit < kFirst) continue;
      const size_t row = static_cast<size_t>(unit - kFirst);
      for (int64_t k = table.begin[row]; k < table.begin[row + 1]; ++k) {
        expected[table.near_offset[k]] += table.weight[k];
        ++arrived;
      }
    }
  }
  EXPECT_GT(arrived, 100000);
  const std::vector<double> i_e = net.Read("post.i_e");
  for (size_t k = 0; k < kUnits; ++k) {
    ASSERT_NEAR(i_e[k], expected[k], 1e-9 * expected[k]) << k;
  }
}

// What a union connects does not depend on how many populations it joins.
TEST(DeliveryTest, AUnionIsConnectedAsOnePopulation) {
  const auto count = [](const std::string& populations,
                        const std::string& groups) {
    BuiltNetwork<double> net(
        "populations: [" + populations + "], groups: [" + groups +
        "], projections: [{type: synapses, name: s, from: g, to: g, "
        "connectivity: {type: fixed_probability, p: 0.2}}]");
    return net->synapses();
  };
  const auto population = [](const std::string& name, int units) {
    return "{type: izhikevich, name: " + name +
           ", units: " + std::to_string(units) + "}";
  };
  EXPECT_EQ(count(population("a", 150), "{type: group, name: g, of: [a]}"),
            count(population("a", 40) + ", " + population("b", 110),
                  "{type: group, name: g, of: [a, b]}"));
}

// The number of synapses is binomial: 200 x 300 pairs, p = 0.1; five standard
// deviations are 367.
TEST(DeliveryTest, FixedProbabilityHasItsMean) {
  BuiltNetwork<double> net(
      "populations: [{type: izhikevich, name: a, units: 200}, "
      "{type: izhikevich, name: b, units: 300}], "
      "projections: [{type: synapses, from: a, to: b, "
      "connectivity: {type: fixed_probability, p: 0.1}}]");
  EXPECT_NEAR(static_cast<double>(net->synapses()), 6000, 367);
}

}  // namespace
}  // namespace engram
