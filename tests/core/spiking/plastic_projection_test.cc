// Plastic synapses, whose changes wait for the next presynaptic spike, against
// a plain loop that looks at every synapse in every step.

#include "core/spiking/plasticity/plastic_projection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/spiking/built_network.h"

namespace engram {
namespace {

constexpr double kDt = 0.5;  // [ms]
constexpr int64_t kSteps = 3000;
constexpr int kPre = 12, kPost = 70;

// A rule written out: what each spike does to a weight, from the traces before
// it: p, r fast and slow of the presynaptic spikes, q, o of the postsynaptic.
struct PlainRule {
  double tau_p = 20, tau_q = 20, tau_r = 20, tau_o = 20;
  bool is_nearest = false;
  std::function<double(double w, double q, double r)> at_pre;
  std::function<double(double w, double p, double o)> at_post;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool is_soft = false;
  double tau_e = 0;  // of the eligibility trace; 0: none
  std::function<double(int64_t step)> modulator;
};

struct Case {
  std::string name;
  std::string synapses;    // parameters of the projection beside its rule
  std::string rule;        // YAML
  std::string modulators;  // YAML of the list
  PlainRule plain;
  double pre_rate = 6, post_rate = 45;  // [Hz]
  int64_t steps = kSteps;
};

double Exp(double tau) { return std::exp(-kDt / tau); }

class PlainSynapse {
 public:
  PlainSynapse(const PlainRule& rule, double w) : rule_(rule), w_(w) {}

  void Step(int64_t step, bool pre, bool post) {
    if (rule_.tau_e > 0) {
      e_ *= Exp(rule_.tau_e);
      Land(kDt * rule_.modulator(step) * e_);
    }
    if (pre) Change(step, rule_.at_pre(w_, q_, r_));
    if (post) Change(step, rule_.at_post(w_, p_, o_));
    Advance(p_, pre, rule_.tau_p);
    Advance(r_, pre, rule_.tau_r);
    Advance(q_, post, rule_.tau_q);
    Advance(o_, post, rule_.tau_o);
  }
  double weight() const { return w_; }

 private:
  void Change(int64_t step, double change) {
    if (rule_.tau_e > 0) {
      e_ += change;
      change *= kDt * rule_.modulator(step);
    }
    Land(change);
  }
  void Land(double change) {
    if (rule_.is_soft) {
      const double room = change > 0 ? rule_.upper - w_ : w_ - rule_.lower;
      change *= room / (rule_.upper - rule_.lower);
    }
    w_ = std::clamp(w_ + change, rule_.lower, rule_.upper);
  }
  void Advance(double& trace, bool fires, double tau) const {
    if (fires) trace = rule_.is_nearest ? 1 : trace + 1;
    trace *= Exp(tau);
  }

  const PlainRule& rule_;
  double w_;
  double p_ = 0, q_ = 0, r_ = 0, o_ = 0, e_ = 0;
};

std::string NetworkOf(const Case& c) {
  return "dt: 0.5 ms, populations: [" + Driven("pre", kPre) + ", " +
         Driven("post", kPost) +
         "], projections: [{type: synapses, from: pre, to: post, "
         "connectivity: {type: fixed_probability, p: 0.4}, "
         "weights: {type: uniform, low: 0.2, high: 0.8}, " +
         c.synapses + ", rule: " + c.rule + "}], modulators: [" + c.modulators +
         "], stimuli: [" + Drive("pre", c.pre_rate) + ", " +
         Drive("post", c.post_rate) + "]";
}

using SynapseKey = std::pair<int32_t, int32_t>;
struct SynapseValue {
  int64_t delay;
  double weight;
};

template <class Real>
std::map<SynapseKey, SynapseValue> Look(SpikingNetwork<Real>& network) {
  std::map<SynapseKey, SynapseValue> found;
  network.plastic().front()->ForSynapses(
      network.step(),
      [&](int32_t pre, int32_t post, int64_t delay, Real weight) {
        found[{pre, post}] = {delay, static_cast<double>(weight)};
      });
  return found;
}

// Which units fire at each step.
using Fired = std::vector<std::vector<bool>>;

template <class Real>
Fired Record(SpikingNetwork<Real>& network, int population, int units,
             int64_t from) {
  Fired fired;
  for (int64_t step = from; step < network.step(); ++step) {
    fired.emplace_back(static_cast<size_t>(units), false);
    for (const int32_t unit : network.spikes(population).At(step)) {
      fired.back()[static_cast<size_t>(unit)] = true;
    }
  }
  return fired;
}

bool FiredAt(const Fired& fired, int64_t step, int32_t unit) {
  return step >= 0 &&
         fired[static_cast<size_t>(step)][static_cast<size_t>(unit)];
}

Case Pair(const std::string& name, const std::string& synapses,
          const std::string& rest, PlainRule plain, double mu,
          double tau_p = 17, double tau_q = 34) {
  plain.tau_p = tau_p;
  plain.tau_q = tau_q;
  const auto factor = [mu](double x) {
    return mu == 0 ? 1 : std::pow(std::clamp(x, 0.0, 1.0), mu);
  };
  plain.at_pre = [factor](double w, double q, double) {
    return -0.012 * factor(w) * q;
  };
  plain.at_post = [factor](double w, double p, double) {
    return 0.01 * factor(1 - w) * p;
  };
  return {name, synapses,
          "{type: stdp_pair, a_plus: 0.01, a_minus: 0.012, tau_plus: " +
              std::to_string(tau_p) + ", tau_minus: " + std::to_string(tau_q) +
              ", w_max: 1, mu: " + std::to_string(mu) + rest + "}",
          "", plain};
}

// Rows that are silent while more spikes wait than units remember, and longer
// than their records reach.
Case Sparse(Case c) {
  c.name += "_sparse";
  c.pre_rate = 1;
  c.steps = 10000;
  return c;
}

Case Triplet(const std::string& name, const std::string& synapses,
             bool is_nearest) {
  PlainRule plain;
  plain.tau_p = 16.8;
  plain.tau_q = 33.7;
  plain.tau_r = 101;
  plain.tau_o = 125;
  plain.is_nearest = is_nearest;
  plain.at_pre = [](double, double q, double r) {
    return -(7e-3 + 2.3e-4 * r) * q;
  };
  plain.at_post = [](double, double p, double o) {
    return p * (5e-10 + 6.2e-3 * o);
  };
  return {name, synapses,
          std::string("{type: stdp_triplet, tau_plus: 16.8, tau_minus: 33.7, "
                      "tau_x: 101, tau_y: 125, a2_plus: 5e-10, a3_plus: "
                      "6.2e-3, a2_minus: 7e-3, a3_minus: 2.3e-4, pairing: ") +
              (is_nearest ? "nearest" : "all_to_all") + "}",
          "", plain};
}

Case PowerLaw(const std::string& synapses) {
  PlainRule plain;
  plain.tau_p = 15;
  plain.tau_q = 30;
  plain.at_pre = [](double w, double q, double) { return -0.02 * 0.3 * w * q; };
  plain.at_post = [](double w, double p, double) {
    return 0.02 * std::pow(0.5, 0.6) * std::pow(w, 0.4) * p;
  };
  return {"power_law", synapses,
          "{type: stdp_power_law, lambda: 0.02, alpha: 0.3, mu: 0.4, w_0: "
          "0.5, tau_plus: 15, tau_minus: 30}",
          "", plain};
}

Case Vogels() {
  PlainRule plain;
  plain.at_pre = [](double, double q, double) {
    return 0.01 * (q - 2 * 5e-3 * 20);
  };
  plain.at_post = [](double, double p, double) { return 0.01 * p; };
  return {"vogels", "delay: 1 ms",
          "{type: vogels, eta: 0.01, rho_0: 5, tau: 20}", "", plain};
}

Case Rewarded(const std::string& name, const std::string& synapses) {
  PlainRule plain;
  plain.tau_e = 300;
  // Pulses at 400 and 900 ms that decay with 150 ms, on a baseline.
  plain.modulator = [](int64_t step) {
    double m = -1e-4;
    for (const int64_t pulse : {800, 1800}) {
      if (step >= pulse) {
        m += 4e-3 * std::exp(-kDt * static_cast<double>(step - pulse) / 150);
      }
    }
    return m;
  };
  Case c = Pair(name, synapses + ", modulator: dopamine",
                ", eligibility: {type: eligibility_trace, tau: 300}", plain, 0);
  c.modulators =
      "{type: pulsed_modulator, name: dopamine, times: [400, 900], "
      "size: 4e-3, tau: 150, baseline: -1e-4}";
  return c;
}

PlainRule Bounded(bool is_soft) {
  PlainRule plain;
  plain.lower = 0.1;
  plain.upper = 0.9;
  plain.is_soft = is_soft;
  return plain;
}

std::vector<Case> Cases() {
  const std::string one = "delay: 0.5 ms";
  const std::string spread = "delays: {type: uniform, low: 1, high: 8}";
  const std::string dendrite = ", delay_of: dendrite";
  PlainRule nearest;
  nearest.is_nearest = true;
  return {Pair("additive", one, "", {}, 0),
          Pair("additive_spread", spread, "", {}, 0),
          Pair("additive_dendrite", "delay: 3 ms" + dendrite, "", {}, 0),
          Pair("additive_dendrite_spread", spread + dendrite, "", {}, 0),
          Pair("nearest", "delay: 2 ms", ", pairing: nearest", nearest, 0),
          Pair("multiplicative", one, "", {}, 1),
          Pair("power_spread", spread, "", {}, 0.4),
          Pair("hard_bounds", one,
               ", bounds: {type: hard_bounds, w_min: 0.1, w_max: 0.9}",
               Bounded(false), 0),
          Pair("soft_bounds_dendrite", "delay: 2 ms" + dendrite,
               ", bounds: {type: soft_bounds, w_min: 0.1, w_max: 0.9}",
               Bounded(true), 0),
          Triplet("triplet", one, false),
          Triplet("triplet_nearest_spread", spread, true),
          Triplet("triplet_dendrite", spread + dendrite, false),
          PowerLaw("delay: 1.5 ms" + dendrite),
          Sparse(Pair("brief", one, "", {}, 0, 2, 3)),
          Sparse(Pair("brief_dendrite", "delay: 4 ms" + dendrite, "", {}, 0, 2,
                      40)),
          Sparse(Pair("brief_spread", spread, "", {}, 0, 2, 30)),
          Sparse(Triplet("triplet", one, false)),
          Pair("lasting", one, "", {}, 0, 1e4, 1e4),
          Vogels(),
          Rewarded("rewarded", one),
          Rewarded("rewarded_spread", spread),
          Rewarded("rewarded_dendrite", spread + dendrite)};
}

class PlasticProjectionTest : public testing::TestWithParam<Case> {};

// Traces here are powers of one decay from a table, there products over steps:
// a few hundred roundings of 1e-16, times weights' changes below 1.
TEST_P(PlasticProjectionTest, ChangesAsAPlainLoopDoes) {
  const Case& c = GetParam();
  BuiltNetwork<double> net(NetworkOf(c));
  const auto start = Look(*net);
  ASSERT_GT(start.size(), 200U);
  net->Advance(c.steps);
  const Fired pre = Record(*net, 0, kPre, 0), post = Record(*net, 1, kPost, 0);
  const bool is_dendrite = c.synapses.find("dendrite") != std::string::npos;
  double moved = 0;
  const auto end = Look(*net);
  for (const auto& [key, value] : start) {
    PlainSynapse plain(c.plain, value.weight);
    const int64_t axon = is_dendrite ? 0 : value.delay;
    const int64_t dendrite = is_dendrite ? value.delay : 0;
    for (int64_t step = 0; step < c.steps; ++step) {
      plain.Step(step, FiredAt(pre, step - axon, key.first),
                 FiredAt(post, step - dendrite, key.second));
    }
    ASSERT_NEAR(end.at(key).weight, plain.weight(), 1e-11)
        << key.first << " -> " << key.second << " delay " << value.delay;
    moved = std::max(moved, std::abs(plain.weight() - value.weight));
  }
  EXPECT_GT(moved, 0.01);
}

template <class Real>
void ExpectLookingChangesNoBit(const std::string& yaml) {
  BuiltNetwork<Real> plain(yaml), watched(yaml);
  plain->Advance(900);
  for (const int64_t steps : {100, 1, 299, 333, 167}) {
    watched->Advance(steps);
    Look(*watched);
  }
  EXPECT_EQ(plain.Read("post.v"), watched.Read("post.v"));
  const auto a = Look(*plain), b = Look(*watched);
  for (const auto& [key, value] : a) {
    ASSERT_EQ(value.weight, b.at(key).weight);
  }
}

TEST_P(PlasticProjectionTest, LookingChangesNoBit) {
  ExpectLookingChangesNoBit<double>(NetworkOf(GetParam()));
  ExpectLookingChangesNoBit<float>(NetworkOf(GetParam()));
}

TEST_P(PlasticProjectionTest, SinglePrecisionIsClose) {
  const std::string yaml = NetworkOf(GetParam());
  BuiltNetwork<double> fine(yaml);
  BuiltNetwork<float> coarse(yaml);
  fine->Advance(1200);
  coarse->Advance(1200);
  const auto a = Look(*fine);
  const auto b = Look(*coarse);
  for (const auto& [key, value] : a) {
    ASSERT_NEAR(value.weight, b.at(key).weight, 2e-5);
  }
}

// The weight that a spike brings is the one that it finds.
TEST(PlasticDeliveryTest, ASpikeBringsTheWeightThatItFinds) {
  BuiltNetwork<double> net(
      "dt: 0.5 ms, populations: [" + Driven("pre", 1) +
      ", {type: lif_current_exponential, name: post, units: 1, e_l: -1000, "
      "tau_e: 0.01}], projections: [{type: "
      "synapses, from: pre, to: post, weight: 0.5, delay: 2 ms, connectivity: "
      "{type: all_to_all}, rule: {type: vogels, eta: 0.01, rho_0: 5}}], "
      "stimuli: [" +
      Drive("pre", 20) + "]");
  // The target is silent: each spike takes 2 eta rho_0 tau off.
  std::map<int64_t, double> arrivals;
  double found = 0.5;
  for (int64_t step = 0; step < 2000; ++step) {
    net->Advance(1);
    if (!net->spikes(0).At(step).empty()) {
      arrivals[step + 4] = found;
      found -= 0.01 * 2 * 5e-3 * 20;
    }
    // It comes at the end of its step, and is gone by the end of the next.
    const double came = net.Read("post.i_e")[0];
    const auto due = arrivals.find(step);
    ASSERT_NEAR(came, due == arrivals.end() ? 0 : due->second, 1e-9)
        << "step " << step;
  }
  EXPECT_GT(arrivals.size(), 8U);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Rules, PlasticProjectionTest,
                         testing::ValuesIn(Cases()), NameOf);

}  // namespace
}  // namespace engram
