// The triplet rule with its published constants, against the data that they
// were fitted to and against values from an independent program (event-driven,
// in Python): 60 repetitions, times in ms,
//   at a pre spike   w -= o1 (A2- + A3- r2), then r1, r2 += 1
//   at a post spike  w += r1 (A2+ + A3+ o2), then o1, o2 += 1
// with traces that decay exactly between events.
//
// Data: Sjostrom, Turrigiano, Nelson (2001) and Wang et al. (2005), as listed
// in Pfister and Gerstner (2006), doi:10.1523/JNEUROSCI.1425-06.2006.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/programs/protocol_run.h"

namespace engram {
namespace {

Curve Draw(const std::string& protocol, const std::string& rule) {
  return CurveOf(absl::StrCat(
      "{type: plasticity_protocol, dt: 1 ms, initial_weight: 1, protocol: ",
      protocol, ", rule: ", rule, "}"));
}

void ExpectChanges(const Curve& curve, const std::vector<double>& golden) {
  ASSERT_EQ(curve.size(), golden.size());
  for (size_t i = 0; i < golden.size(); ++i) {
    EXPECT_NEAR(curve[i].second, golden[i], 1e-12) << curve[i].first;
  }
}

std::string Frequencies(int delta) {
  return absl::StrCat(
      "{type: pairing_frequency, pairs: 60, repeats: 1, delta: ", delta, "}");
}

constexpr char kNearest[] =
    "{type: stdp_triplet, a2_plus: 8.8e-11, a3_plus: 5.3e-2, a2_minus: 6.6e-3, "
    "a3_minus: 3.1e-3, tau_x: 714 ms, tau_y: 40 ms, pairing: nearest}";

TEST(TripletDataTest, VisualCortexOverFrequency) {
  ExpectChanges(Draw(Frequencies(10), "{type: stdp_triplet}"),
                {1.6542937712400112e-08, 0.13205341221640482,
                 0.24696196944009952, 0.5337226687229263, 0.7409055200853731});
  ExpectChanges(Draw(Frequencies(-10), "{type: stdp_triplet}"),
                {-0.3121609144297645, -0.333622996283499, -0.351622099652655,
                 0.1547949562652077, 0.7272471749062491});
}

TEST(TripletDataTest, VisualCortexOverFrequencyWithTheNearestSpikes) {
  ExpectChanges(Draw(Frequencies(10), kNearest),
                {2.9115570373824187e-09, 0.10358722804420886,
                 0.3231634850525276, 0.5602917531033699, 0.6242548719463636});
  ExpectChanges(Draw(Frequencies(-10), kNearest),
                {-0.29432326029631967, -0.411285828587886, -0.3382307718303218,
                 0.2597947676407495, 0.6193494860996557});
}

TEST(TripletDataTest, HippocampalTripletsAndQuadruplets) {
  const std::string rule = "{type: stdp_triplet_hippocampus}";
  ExpectChanges(Draw("{type: pairings, deltas: [-10, 10]}", rule),
                {-0.103746591016223, 0.201823840091257});
  ExpectChanges(Draw("{type: triplets}", rule),
                {0.042608219063608, 0.005233311469618, -0.078161953369354,
                 0.102302392617947});
  ExpectChanges(Draw("{type: triplets, order: post_pre_post, first: [5, 10, 5, "
                     "15], second: [5, 10, 15, 5]}",
                     rule),
                {0.357566881478053, 0.203763335617894, 0.108012223780894,
                 0.324666465208426});
  ExpectChanges(Draw("{type: quadruplets, intervals: [-90, 20, 90]}", rule),
                {0.036120683592566, 0.244770066548806, 0.103235164222077});
}

// Rates of independent Poisson spikes: the drift of the rule is
//   nu_j nu_i [tau_plus (A2+ + A3+ tau_y nu_i) - tau_minus (A2- + A3- tau_x
//   nu_j)]
// with each tau in the place of the mean of its trace per rate, which on a grid
// is dt / (exp(dt / tau) - 1). Five standard errors of the mean.
TEST(TripletDataTest, PoissonSpikesGiveTheExpectedDrift) {
  const double duration = 20000, nu_j = 0.01;
  const auto run = RunTree(
      Tree("{type: plasticity_protocol, dt: 1 ms, settle: 0, protocol: {type: "
           "poisson_trains, synapses: 400, duration: 20 s, post_rates: [2, 10, "
           "20, 30]}, rule: {type: stdp_triplet}}"),
      3);
  const auto& mean = run->record.series.at("weight_change").points;
  const auto& error = run->record.series.at("weight_change_error").points;
  const auto grid = [](double tau) { return 1 / (std::exp(1 / tau) - 1); };
  for (size_t i = 0; i < mean.size(); ++i) {
    const double nu_i = mean[i].first / 1000;
    const double drift = nu_j * nu_i *
                         (grid(16.8) * (5e-10 + 6.2e-3 * grid(125) * nu_i) -
                          grid(33.7) * (7e-3 + 2.3e-4 * grid(101) * nu_j));
    // Traces are empty at the start, which costs about tau / duration.
    EXPECT_NEAR(mean[i].second.value(), duration * drift,
                5 * error[i].second.value() + 0.02 * std::abs(duration * drift))
        << mean[i].first << " Hz";
  }
}

// Vogels' rule is at rest where 2 tau nu_i = 2 rho_0 tau. On a grid of dt the
// two traces are read dt/2 late, so 0.5 ms of 20 ms make 1.2 % of the change by
// one side at the target, well below the five standard errors.
TEST(TripletDataTest, VogelsRuleIsAtRestAtItsTarget) {
  const auto run = RunTree(
      Tree("{type: plasticity_protocol, dt: 0.5 ms, settle: 0, protocol: "
           "{type: poisson_trains, synapses: 400, duration: 20 s, post_rates: "
           "[4, 8, 16]}, rule: {type: vogels, rho_0: 8 Hz}}"),
      3);
  const auto& mean = run->record.series.at("weight_change").points;
  const auto& error = run->record.series.at("weight_change_error").points;
  EXPECT_LT(mean[0].second.value(), -10 * error[0].second.value());
  EXPECT_LT(std::abs(mean[1].second.value()), 5 * error[1].second.value());
  EXPECT_GT(mean[2].second.value(), 10 * error[2].second.value());
}

}  // namespace
}  // namespace engram
