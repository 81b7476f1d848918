// Synapses of a rule that reads potentials, against a plain loop over all of
// them in every step, and against the same rule under a protocol.

#include "core/spiking/plasticity/voltage_projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/tasks/protocol_catalog.h"
#include "tests/core/spiking/built_network.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

constexpr double kDt = 0.25;  // [ms]
constexpr int64_t kSteps = 1600;
constexpr int kPre = 12, kPost = 70;

struct Case {
  std::string name;
  std::string synapses;  // beside the rule
  std::string rule;      // beside its constants
  std::string modulators = {};
  bool is_traced = false;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool is_soft = false;
};

// Pulses at 150 and 300 ms that decay with 80 ms, on a baseline.
double ModulatorAt(int64_t step) {
  double m = -1e-4;
  for (const int64_t pulse : {600, 1200}) {
    if (step >= pulse) {
      m += 4e-3 * std::exp(-kDt * static_cast<double>(step - pulse) / 80);
    }
  }
  return m;
}

std::string Cells(int units) {
  return absl::StrCat(
      "{type: adaptive_exponential_after_potential, name: post, units: ", units,
      "}");
}

std::string NetworkOf(const Case& c, int units = kPost) {
  return absl::StrCat(
      "dt: 0.25 ms, populations: [", Driven("pre", kPre), ", ", Cells(units),
      "], projections: [{type: synapses, from: pre, to: post, connectivity: "
      "{type: fixed_probability, p: 0.4}, weights: {type: uniform, low: 0.2, "
      "high: 0.8}, ",
      c.synapses,
      ", rule: {type: stdp_voltage, a_ltd: 0.002, a_ltp: 0.001, tau_x: 12",
      c.rule, "}}], modulators: [", c.modulators, "], stimuli: [",
      Drive("pre", 20),
      ", {type: poisson_input, to: post, rate: 300, weight: ", "400}]");
}

std::vector<Case> Cases() {
  const std::string one = "delay: 0.25 ms";
  const std::string spread = "delays: {type: uniform, low: 0.5, high: 4}";
  const std::string trace = ", eligibility: {type: eligibility_trace, tau: 5}";
  const std::string dopamine =
      "{type: pulsed_modulator, name: dopamine, times: [150, 300], size: 4e-3, "
      "tau: 80, baseline: -1e-4}";
  const std::string bounds = ", w_min: 0.15, w_max: 0.85}";
  return {{"one_delay", one, ""},
          {"spread", spread, ""},
          {"no_filter_delay", "delay: 2 ms", ", delay: 0"},
          {.name = "hard_bounds",
           .synapses = spread,
           .rule = ", bounds: {type: hard_bounds" + bounds,
           .lower = 0.15,
           .upper = 0.85},
          {.name = "soft_bounds",
           .synapses = one,
           .rule = ", bounds: {type: soft_bounds" + bounds,
           .lower = 0.15,
           .upper = 0.85,
           .is_soft = true},
          // So brief that all traces are brought up to date on the way.
          {.name = "rewarded",
           .synapses = one + ", modulator: dopamine",
           .rule = trace,
           .modulators = dopamine,
           .is_traced = true},
          {.name = "rewarded_spread",
           .synapses = spread + ", modulator: dopamine",
           .rule = trace,
           .modulators = dopamine,
           .is_traced = true}};
}

// The published equations, as plain as they are.
class PlainSynapse {
 public:
  PlainSynapse(const Case& c, double w) : c_(c), w_(w) {}

  void Step(int64_t step, bool spike, double u, double u_minus, double u_plus) {
    if (c_.is_traced) {
      e_ *= std::exp(-kDt / 5);
      Land(kDt * ModulatorAt(step) * e_);
    }
    if (spike) Change(step, -0.002 * std::max(0.0, u_minus + 70.6));
    Change(step, kDt / 12 * 0.001 * x_ * std::max(0.0, u + 45.3) *
                     std::max(0.0, u_plus + 70.6));
    x_ = (x_ + (spike ? 1 : 0)) * std::exp(-kDt / 12);
  }
  double weight() const { return w_; }

 private:
  void Change(int64_t step, double change) {
    e_ += change;
    Land(c_.is_traced ? kDt * ModulatorAt(step) * change : change);
  }
  void Land(double change) {
    if (c_.is_soft) {
      const double room = change > 0 ? c_.upper - w_ : w_ - c_.lower;
      change *= room / (c_.upper - c_.lower);
    }
    w_ = std::clamp(w_ + change, c_.lower, c_.upper);
  }

  const Case& c_;
  double w_, x_ = 0, e_ = 0;
};

struct Synapse {
  int32_t pre, post;
  int64_t delay;
  double weight;
};

template <class Real>
std::vector<Synapse> Look(BuiltNetwork<Real>& net) {
  std::vector<Synapse> found;
  net->plastic().front()->ForSynapses(
      net->step(), [&](int32_t pre, int32_t post, int64_t delay, Real weight) {
        found.push_back({pre, post, delay, static_cast<double>(weight)});
      });
  return found;
}

// What happened in a network of `Cells`: potentials after each step, the same
// filtered, before each step, and who fired before.
struct Course {
  explicit Course(BuiltNetwork<double>& net) {
    std::vector<double> minus(kPost, -70.6), plus = minus;
    for (int64_t step = 0; step < kSteps; ++step) {
      net->Advance(1);
      fired.emplace_back(kPre, false);
      for (const int32_t unit : net->spikes(0).At(step)) {
        fired.back()[static_cast<size_t>(unit)] = true;
      }
      post_spikes += net->spikes(1).At(step).size();
      u.push_back(net.Read("post.v"));
      u_minus.push_back(minus);
      u_plus.push_back(plus);
      for (size_t i = 0; i < kPost; ++i) {
        minus[i] = u.back()[i] + std::exp(-kDt / 10) * (minus[i] - u.back()[i]);
        plus[i] = u.back()[i] + std::exp(-kDt / 7) * (plus[i] - u.back()[i]);
      }
    }
  }

  double Weight(const Case& c, const Synapse& synapse, int64_t lag) const {
    PlainSynapse plain(c, synapse.weight);
    const size_t post = static_cast<size_t>(synapse.post);
    for (int64_t step = 0; step < kSteps; ++step) {
      const int64_t sent = step - synapse.delay;
      const size_t now = static_cast<size_t>(step);
      const size_t before =
          static_cast<size_t>(std::max<int64_t>(0, step - lag));
      plain.Step(step,
                 sent >= 0 && fired[static_cast<size_t>(sent)]
                                   [static_cast<size_t>(synapse.pre)],
                 u[now][post], u_minus[before][post], u_plus[before][post]);
    }
    return plain.weight();
  }

  std::vector<std::vector<bool>> fired;
  std::vector<std::vector<double>> u, u_minus, u_plus;
  size_t post_spikes = 0;
};

class VoltageProjectionTest : public testing::TestWithParam<Case> {};

// Some thousand roundings of 1e-16 of weights below 10. What a modulator did to
// a trace between two steps is a difference of sums that are up to 2^29 times
// as large (EligibilityClock): 6e-8 of changes that add up to less than 0.01.
TEST_P(VoltageProjectionTest, ChangesAsAPlainLoopDoes) {
  const Case& c = GetParam();
  BuiltNetwork<double> net(NetworkOf(c));
  const std::vector<Synapse> start = Look(net);
  ASSERT_GT(start.size(), 200U);
  const Course course(net);
  ASSERT_GT(course.post_spikes, 100U);
  const std::vector<Synapse> end = Look(net);
  const double tolerance = c.is_traced ? 1e-9 : 1e-11;
  const int64_t lag = c.name == "no_filter_delay" ? 0 : 16;
  double fell = 0, rose = 0;
  for (size_t k = 0; k < start.size(); ++k) {
    ASSERT_NEAR(end[k].weight, course.Weight(c, start[k], lag), tolerance)
        << start[k].pre << " -> " << start[k].post << " delay "
        << start[k].delay;
    fell = std::min(fell, end[k].weight - start[k].weight);
    rose = std::max(rose, end[k].weight - start[k].weight);
  }
  EXPECT_LT(fell, -0.002);
  EXPECT_GT(rose, 0.002);
}

template <class Real>
void ExpectLookingChangesNoBit(const std::string& yaml) {
  BuiltNetwork<Real> plain(yaml), watched(yaml);
  plain->Advance(900);
  for (const int64_t steps : {100, 1, 299, 333, 167}) {
    watched->Advance(steps);
    Look(watched);
  }
  EXPECT_EQ(plain.Read("post.v"), watched.Read("post.v"));
  const auto a = Look(plain), b = Look(watched);
  for (size_t k = 0; k < a.size(); ++k) ASSERT_EQ(a[k].weight, b[k].weight);
}

TEST_P(VoltageProjectionTest, LookingChangesNoBit) {
  ExpectLookingChangesNoBit<double>(NetworkOf(GetParam()));
  ExpectLookingChangesNoBit<float>(NetworkOf(GetParam()));
}

TEST_P(VoltageProjectionTest, GoesOnFromWhatWasSaved) {
  const std::string yaml = NetworkOf(GetParam());
  BuiltNetwork<float> whole(yaml), first(yaml), second(yaml);
  whole->Advance(700);
  first->Advance(331);
  second->Advance(40);
  second.CopyFrom(first);
  second->Advance(700 - 331);
  EXPECT_EQ(whole.Read("post.v"), second.Read("post.v"));
  const auto a = Look(whole), b = Look(second);
  for (size_t k = 0; k < a.size(); ++k) ASSERT_EQ(a[k].weight, b[k].weight);
}

// In so many units a network is cut into shards.
TEST_P(VoltageProjectionTest, ThreadsChangeNoBit) {
  const std::string yaml = NetworkOf(GetParam(), 5200);
  BuiltNetwork<float> one(yaml, 1);
  ASSERT_GT(one.plan().shards, 1);
  one->Advance(240);
  const auto expected = Look(one);
  for (const int threads : {2, 3}) {
    BuiltNetwork<float> many(yaml, threads);
    many->Advance(240);
    EXPECT_EQ(one.Read("post.v"), many.Read("post.v"));
    const auto found = Look(many);
    for (size_t k = 0; k < found.size(); ++k) {
      ASSERT_EQ(expected[k].weight, found[k].weight);
    }
  }
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Rules, VoltageProjectionTest,
                         testing::ValuesIn(Cases()), NameOf);

// A generator that fires at the steps of each unit's train.
std::string Trains(const std::string& name,
                   const std::vector<std::vector<int64_t>>& trains) {
  std::vector<double> times;
  std::vector<size_t> units;
  for (size_t k = 0; k < trains.size(); ++k) {
    for (const int64_t step : trains[k]) {
      times.push_back(0.1 * static_cast<double>(step + 1));
      units.push_back(k);
    }
  }
  return absl::StrCat("{type: spike_times_generator, name: ", name,
                      ", units: ", trains.size(), ", times: [",
                      absl::StrJoin(times, ", "), "], firing_units: [",
                      absl::StrJoin(units, ", "), "]}");
}

// Changes of weights under five pairs at 1, 10, ..., 50 Hz, where cells are
// made to fire. Weights so small that they do not move the cells, and as small
// changes, are those of the protocol but for the scale.
std::vector<double> ChangesInANetwork(const StimulationProtocol& protocol) {
  std::vector<std::vector<int64_t>> pre, post;
  for (const ProtocolPoint& point : protocol.points) {
    pre.push_back(point.synapses.front().pre);
    post.push_back(point.synapses.front().post);
  }
  const size_t units = pre.size();
  BuiltNetwork<double> net(absl::StrCat(
      "dt: 0.1 ms, populations: [", Trains("pre", pre), ", ",
      Trains("trigger", post), ", ", Cells(static_cast<int>(units)),
      "], projections: [{type: synapses, from: trigger, to: post, receptor: "
      "current, weight: 1e6, delay: 0.1 ms, connectivity: {type: one_to_one}}, "
      "{type: synapses, from: pre, to: post, weight: 1e-12, delay: 0.1 ms, "
      "connectivity: {type: one_to_one}, rule: {type: stdp_voltage, a_ltd: "
      "14e-17, a_ltp: 8e-17}}]"));
  // Spikes are underway for a step.
  net->Advance(protocol.steps + 1);
  std::vector<double> changes(units);
  for (const Synapse& synapse : Look(net)) {
    changes[static_cast<size_t>(synapse.post)] = synapse.weight / 1e-12 - 1;
  }
  return changes;
}

// By an independent script (Python, plain loops over the published equations),
// as for plasticity_protocol. A cell at rest creeps up, and that of the network
// has done so for two steps more when the first spikes come: 2e-6 mV, of which
// a pair makes 3e-10.
TEST(VoltageCurveTest, IsThatOfTheProtocol) {
  const std::map<int, std::vector<double>> expected = {
      {-10,
       {-0.013172498740208372, -0.01285537337472853, -0.013300365334039721,
        -0.010499157791025449, -0.0025724573903244674, 0.010291448592532393}},
      {10,
       {6.918305262004765e-09, -6.898869108584726e-05, 0.0007850777602315118,
        0.004063893534240304, 0.009168504159915769, 0.015862346214904677}}};
  for (const auto& [delta, curve] : expected) {
    const Component protocol =
        Tree(absl::StrCat("{type: pairing_frequency, pairs: 5, repeats: 1, "
                          "frequencies: [1, 10, 20, 30, 40, 50], delta: ",
                          delta, "}"),
             Kind::kProtocol);
    const std::vector<double> changes =
        ChangesInANetwork(MakeProtocol(protocol, 1, 0.1));
    for (size_t k = 0; k < curve.size(); ++k) {
      EXPECT_NEAR(changes[k], curve[k], 1e-9) << delta << " ms, point " << k;
    }
  }
}

std::string FaultOf(const std::string& target, const std::string& more,
                    int pre_units = 100) {
  const ScopedNumericEnvironment environment;
  Faults faults;
  ReadTree(absl::StrCat("{type: spiking_network, populations: [{type: "
                        "poisson_generator, name: pre, units: ",
                        pre_units, "}, {type: ", target,
                        ", name: post}], projections: [{type: synapses, from: "
                        "pre, to: post, ",
                        more,
                        "rule: {type: stdp_voltage}, connectivity: {type: "
                        "all_to_all}}]}"),
           Kind::kProgram, "experiment", faults);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("tree") + "\n";
  return all;
}

TEST(VoltagePlanTest, UnitsWithoutAPotentialAreRefused) {
  EXPECT_EQ(FaultOf("izhikevich", ""), "");
  EXPECT_THAT(FaultOf("poisson_generator", ""),
              HasSubstr("post, a poisson_generator, has none; wanted "
                        "adaptive_exponential, "));
  EXPECT_THAT(FaultOf("srm0_escape_rate", ""),
              HasSubstr("post, a srm0_escape_rate, has none"));
}

TEST(VoltagePlanTest, DelaysOfDendritesAreRefused) {
  EXPECT_THAT(FaultOf("izhikevich", "delay_of: dendrite, "),
              HasSubstr("a dendrite would delay; wanted delay_of: axon"));
}

TEST(VoltagePlanTest, TracesOverTooLongDelaysAreRefusedWithNumbers) {
  EXPECT_EQ(FaultOf("izhikevich", "delay: 100 ms, ", 10000), "");
  EXPECT_THAT(FaultOf("izhikevich", "delay: 100000 ms, ", 10000),
              HasSubstr("keeps a trace of 10000 units for 1000000 steps of "
                        "delay, 1e+10 numbers, more than "));
}

}  // namespace
}  // namespace engram
