#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/rules/apply.h"
#include "core/rules/catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {

inline Component RuleTree(const std::string& yaml) {
  return Tree(yaml, Kind::kRule, "experiment.rule");
}

// A rule with the recurrent weights that it changes.
template <class Real>
struct PlasticOf {
  PlasticOf(const std::string& yaml, int64_t units, double dt = 1.0)
      : rule(MakePlasticity<Real>(
            RuleTree(yaml),
            {.n_post = units, .n_pre = units, .dt = dt, .is_recurrent = true})),
        w(units, units) {}

  void Step(const std::vector<Real>& rate, Parallel& parallel) {
    const Signals<Real> s{.pre = rate, .post = rate, .dt = rule->shape().dt};
    ApplyRule(*rule, s, w, parallel);
  }

  std::unique_ptr<Plasticity<Real>> rule;
  Array<Real> w;
};

using Plastic = PlasticOf<double>;

// A rule with the weights from one population to another, on rates.
struct Projection {
  Projection(const std::string& yaml, int64_t n_post, int64_t n_pre,
             double dt = 1.0)
      : rule(MakePlasticity<double>(
            RuleTree(yaml), {.n_post = n_post, .n_pre = n_pre, .dt = dt})),
        w(n_post, n_pre) {}

  void Step(const std::vector<double>& pre, const std::vector<double>& post,
            Parallel& parallel) {
    const Signals<double> s{.pre = pre, .post = post, .dt = rule->shape().dt};
    ApplyRule(*rule, s, w, parallel);
  }

  std::unique_ptr<Plasticity<double>> rule;
  Array<double> w;
};

// One synapse that sees spikes at the given steps.
struct Synapse {
  explicit Synapse(const std::string& yaml, double weight = 0, double dt = 1.0)
      : rule(MakePlasticity<double>(RuleTree(yaml),
                                    {.n_post = 1, .n_pre = 1, .dt = dt})),
        w(1, 1) {
    w[0] = weight;
  }

  // The weight after the last spike.
  double Run(const std::multiset<int64_t>& pre,
             const std::multiset<int64_t>& post) {
    Parallel parallel(1);
    const int32_t unit[] = {0};
    const int64_t end = std::max(*pre.rbegin(), *post.rbegin());
    for (int64_t step = 0; step <= end; ++step) {
      const Signals<double> s{.pre_spikes = {unit, pre.count(step)},
                              .post_spikes = {unit, post.count(step)},
                              .dt = rule->shape().dt};
      ApplyRule(*rule, s, w, parallel);
    }
    return w[0];
  }

  std::unique_ptr<Plasticity<double>> rule;
  Array<double> w;
};

// Rates of all units at a step, uniform in (0, 1).
inline std::vector<double> RandomRates(int64_t units, int64_t step) {
  std::vector<double> rate(static_cast<size_t>(units));
  RandomStream(1, "rule", "rates").Fill(step, rate);
  return rate;
}

// Everything that a rule may read, at a step: rates, the units with high rates
// as spikes, potentials, a modulator for all.
template <class Real>
struct Activity {
  Activity(int64_t units, int64_t step, double dt) {
    for (const double r : RandomRates(units, step)) {
      rate.push_back(static_cast<Real>(r));
      potential.push_back(static_cast<Real>(20 * r - 70));
      if (r > 0.8) spikes.push_back(static_cast<int32_t>(rate.size() - 1));
    }
    signals = {.pre = rate,
               .post = rate,
               .pre_spikes = spikes,
               .post_spikes = spikes,
               .pre_potential = potential,
               .post_potential = potential,
               .modulator = modulator,
               .dt = dt};
  }
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;

  std::vector<Real> rate, potential;
  std::vector<int32_t> spikes;
  std::vector<Real> modulator = {Real{0.5}};
  Signals<Real> signals;
};

}  // namespace engram
