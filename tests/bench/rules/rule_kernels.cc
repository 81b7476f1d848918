// rule_kernels [THREADS [UNITS [SYNAPSES]]]: times updates of weights, one for
// each line "KERNEL PRECISION" of the standard input, and answers with
// the seconds of wall time and of processor time. run.py drives it beside other
// programs, so that all see the same machine.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/base/numerics.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/programs/builtin.h"
#include "core/rules/apply.h"
#include "core/spec/experiment.h"
#include "core/spec/read_component.h"
#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {
namespace {

constexpr const char* kBounds =
    ", bounds: {type: hard_bounds, w_min: -1, w_max: 1}";
constexpr const char* kParts =
    ", homeostasis: [{type: homeostatic_scaling}, "
    "{type: column_normalisation, goal: 100}], signs: {type: dale}";
constexpr const char* kRows =
    ", homeostasis: [{type: row_normalisation, goal: 100}]";
constexpr const char* kEligibility = ", eligibility: {type: eligibility_trace}";

// What follows "type: RULE" in a kernel's name behind a "+".
std::string PartsOfKernel(const std::string& name) {
  if (name == "bare") return "";
  if (name == "parts") return std::string(kParts) + kBounds;
  if (name == "rows") return std::string(kRows) + kBounds;
  if (name == "eligibility") return std::string(kEligibility) + kBounds;
  return kBounds;
}

// "oja+parts" as a component.
Component RuleOf(const std::string& kernel) {
  const size_t plus = kernel.find('+');
  const std::string parts =
      PartsOfKernel(plus == std::string::npos ? "" : kernel.substr(plus + 1));
  const std::string yaml = "{type: " + kernel.substr(0, plus) + parts + "}";
  Faults faults;
  const RefuseAll resolver;
  ReadContext context{BuiltinCatalog(), resolver, faults};
  Component rule = ReadComponent(ParseYaml(yaml, faults), Kind::kRule, "",
                                 "experiment.rule", context);
  if (faults.empty()) return rule;
  std::fprintf(stderr, "rule_kernels: %s: %s\n", kernel.c_str(),
               faults[0].message.c_str());
  std::exit(2);
}

// Activity that stays the same: rates in (0, 1), one unit in 2000 firing, as at
// 5 Hz and 0.1 ms a step.
template <class Real>
struct Activity {
  explicit Activity(int64_t units) {
    std::vector<double> u(static_cast<size_t>(units));
    RandomStream(1, "bench", "rates").Fill(0, u);
    for (const double r : u) {
      rate.push_back(static_cast<Real>(r));
      if (r < 1.0 / 2000)
        spikes.push_back(static_cast<int32_t>(rate.size()) - 1);
    }
    signals.pre = signals.post = rate;
    signals.pre_spikes = signals.post_spikes = spikes;
    signals.modulator = modulator;
    signals.dt = 1;
  }
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;

  std::vector<Real> rate;
  std::vector<int32_t> spikes;
  std::vector<Real> modulator = {static_cast<Real>(0.001)};
  Signals<Real> signals;
};

// Wall time, and processor time of all threads.
struct Spent {
  double wall, cpu;
};

Spent Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration<double>(now).count(),
          static_cast<double>(std::clock()) / CLOCKS_PER_SEC};
}

Spent Since(const Spent& start) {
  const Spent now = Now();
  return {now.wall - start.wall, now.cpu - start.cpu};
}

// Weights of one precision with everything that works on them.
template <class Real>
class Bench {
 public:
  Bench(int64_t units, int64_t synapses, Parallel& parallel)
      : units_(units),
        synapses_(synapses),
        parallel_(parallel),
        activity_(units),
        w_(units, units) {
    w_.Fill(static_cast<Real>(0.01));
  }

  Spent Time(const std::string& kernel) {
    if (kernel == "add") return TimeAdd();
    if (kernel.starts_with("sparse:")) return TimeSparse(kernel.substr(7));
    const size_t unseen = kernel.find(":unseen");
    if (unseen != std::string::npos) {
      return TimeUnseen(kernel.substr(0, unseen));
    }
    Plasticity<Real>& rule = Made(kernel, RuleOf(kernel), -1, units_);
    const Spent start = Now();
    ApplyRule(rule, activity_.signals, w_, parallel_);
    return Since(start);
  }

 private:
  // w += c, the least that an update costs.
  Spent TimeAdd() {
    const Real c = static_cast<Real>(1e-9);
    const Spent start = Now();
    parallel_.ForBlocks(w_.rows() * w_.cols(), 1 << 16,
                        [&](int64_t begin, int64_t end) {
                          Real* __restrict w = w_.data();
                          for (int64_t k = begin; k < end; ++k) w[k] += c;
                        });
    return Since(start);
  }

  // An update among many between which nobody looks at the weights, with its
  // share of what it takes to have them settled at last.
  Spent TimeUnseen(const std::string& kernel) {
    constexpr int kUpdates = 20;
    Plasticity<Real>& rule = Made(kernel, RuleOf(kernel), -1, units_);
    const Spent start = Now();
    for (int k = 0; k < kUpdates; ++k) {
      ApplyRuleUnsettled(rule, activity_.signals, w_, parallel_);
    }
    Settle(rule, w_, parallel_);
    const Spent all = Since(start);
    return {all.wall / kUpdates, all.cpu / kUpdates};
  }

  Spent TimeSparse(const std::string& kernel) {
    if (list_.n_pre == 0) MakeList();
    Plasticity<Real>& rule =
        Made("sparse:" + kernel, RuleOf(kernel), synapses_, kSparseUnits);
    const Spent start = Now();
    ApplyRule(rule, wide_->signals, list_, parallel_);
    return Since(start);
  }

  Plasticity<Real>& Made(const std::string& key, const Component& rule,
                         int64_t synapses, int64_t units) {
    std::unique_ptr<Plasticity<Real>>& made = rules_[key];
    if (made == nullptr) {
      made = MakePlasticity<Real>(
          rule,
          {.n_post = units, .n_pre = units, .dt = 1, .synapses = synapses});
    }
    return *made;
  }

  // As many synapses of each presynaptic unit, at random places in order.
  void MakeList() {
    const int64_t each = synapses_ / kSparseUnits;
    synapses_ = each * kSparseUnits;
    wide_ = std::make_unique<Activity<Real>>(kSparseUnits);
    list_ = {kSparseUnits, kSparseUnits, Array<int64_t>(kSparseUnits + 1),
             Array<int32_t>(synapses_), Array<Real>(synapses_)};
    std::vector<double> u(static_cast<size_t>(each));
    const double gap =
        static_cast<double>(kSparseUnits) / static_cast<double>(each);
    for (int64_t j = 0; j < kSparseUnits; ++j) {
      list_.starts[j + 1] = (j + 1) * each;
      RandomStream(2, "bench", "synapses").Fill(j, u);
      for (int64_t k = 0; k < each; ++k) {
        list_.rows[j * each + k] = static_cast<int32_t>(
            gap * (static_cast<double>(k) + u[static_cast<size_t>(k)]));
      }
    }
  }

  static constexpr int64_t kSparseUnits = 10000;

  int64_t units_, synapses_;
  Parallel& parallel_;
  Activity<Real> activity_;
  std::unique_ptr<Activity<Real>> wide_;
  Array<Real> w_;
  SparseWeights<Real> list_;
  std::map<std::string, std::unique_ptr<Plasticity<Real>>> rules_;
};

int Serve(int threads, int64_t units, int64_t synapses) {
  Parallel parallel(threads);
  Bench<double> wide(units, synapses, parallel);
  Bench<float> narrow(units, synapses, parallel);
  std::string kernel, precision;
  while (std::cin >> kernel >> precision) {
    const Spent spent =
        precision == "single" ? narrow.Time(kernel) : wide.Time(kernel);
    std::printf("%.9f %.9f\n", spent.wall, spent.cpu);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) {
  engram::SetNumericEnvironment();
  return engram::Serve(argc > 1 ? std::atoi(argv[1]) : 2,
                       argc > 2 ? std::atoll(argv[2]) : 4096,
                       argc > 3 ? std::atoll(argv[3]) : 5000000);
}
