#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/rules/apply.h"
#include "core/rules/catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {

// A rule with the weights that it changes.
struct Plastic {
  Plastic(const std::string& yaml, int64_t units, double dt = 1.0)
      : rule(MakePlasticity<double>(
            Tree(yaml, Kind::kRule, "experiment.rule"),
            {.n_post = units, .n_pre = units, .dt = dt, .is_recurrent = true})),
        w(units, units) {}

  void Step(const std::vector<double>& rate, Parallel& parallel) {
    const Signals<double> s{.pre = rate, .post = rate, .dt = rule->shape().dt};
    ApplyRule(*rule, s, w, parallel);
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

}  // namespace engram
