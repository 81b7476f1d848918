// A run that was saved at some tick, forgotten, and restored goes on as if
// nothing had happened: the same items under the same ordinals, and the same
// result hash. Twenty random checkpoints each, with 1, 2 and 3 threads, calls
// of several sizes, with and without recording.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/programs/catalog.h"
#include "tests/core/presets/parsed_preset.h"
#include "tests/core/programs/item_log.h"
#include "tests/core/programs/program_trees.h"
#include "tests/support/small_files.h"

namespace engram {
namespace {

// Numbers are the release build's business; a sanitizer, ten times slower,
// looks at memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kCheckpoints = 3;
#else
constexpr int kCheckpoints = 20;
#endif

struct Case {
  std::string name;
  std::function<Component()> tree;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const ProgramRow& row : ProgramRows()) {
    const std::string type = row.spec.type;
    cases.push_back({"program_" + type, TreesOf(type).small});
    cases.push_back({"wide_" + type, TreesOf(type).wide});
  }
  cases.push_back(
      {"words_of_a_file", [] {
         return Tree(
             "{type: supervised_training, batch: 5, epochs: 2, updates: 3, "
             "test_batches: 2, network: {type: layer_stack, layers: [{type: "
             "embedding, units: 4}, {type: sublstm, units: 5}]}, task: " +
                 SmallCorpus() + "}",
             Kind::kProgram, "experiment", NamesAreDigests());
       }});
  cases.push_back(
      {"images_of_a_file", [] {
         return Tree(
             "{type: supervised_training, batch: 7, epochs: 2, updates: 4, "
             "test_batches: 1, network: {type: lstm, units: 5}, task: " +
                 SmallMnist() + "}",
             Kind::kProgram, "experiment", NamesAreDigests());
       }});
  cases.push_back({"sparse_closed_loop", [] {
                     return Tree(
                         "{type: sequence_learning, repetitions: 6, "
                         "rule: {type: stdp_rate}, "
                         "feedback: {type: closed_loop, scale: 20}, "
                         "gain_matching: {type: match_norm}, "
                         "network: {type: sparse_rate_rnn, units: 40, "
                         "in_degree: 12, sigma: 0.1}, "
                         "task: {type: coded_sequences, sequences: 2, "
                         "items: 3, units_per_item: 6, item_duration: 15 ms, "
                         "silence: 10 ms, recall_duration: 60 ms}, "
                         "analyses: [{type: recall}, {type: branching}]}");
                   }});
  cases.push_back({"system_analyses", [] {
                     return Tree(
                         "{type: sequence_learning, repetitions: 2, "
                         "rule: {type: hebbian}, "
                         "network: {type: rate_rnn, units: 12}, "
                         "task: {type: item_sequence, items: 3, "
                         "units_per_item: 4, item_duration: 15 ms, "
                         "silence: 10 ms, recall_duration: 60 ms}, "
                         "analyses: [{type: fixed_points, starts: 20}, "
                         "{type: recall}, {type: motifs}]}");
                   }});
  cases.push_back({"trained_analyses", [] {
                     return Tree(
                         "{type: supervised_training, batch: 4, epochs: 1, "
                         "updates: 2, test_batches: 2, task: {type: n_parity}, "
                         "network: {type: leaky_rnn, units: 6}, curriculum: "
                         "{type: multi_head, heads: 3}, analyses: [{type: "
                         "time_constants}, {type: network_timescales, trials: "
                         "2, steps: 1500, lags: 8}, {type: "
                         "activity_dimensionality, trials: 2, steps: 900}, "
                         "{type: ablation, steps: 30, repeats: 2, count: 2}, "
                         "{type: perturbation, steps: 30, repeats: 2, "
                         "strengths: 3}, {type: perturbation, name: of_tau, "
                         "of: tau, steps: 30, repeats: 2, strengths: 2}, "
                         "{type: generalisation, steps: 30, repeats: 2}, "
                         "{type: gradient_flow, trials: 3}, {type: retraining, "
                         "count: 2, epochs: 1}]}");
                   }});
  cases.push_back(
      {"rule_on_potentials", [] {
         return Tree(
             "{type: plasticity_protocol, dt: 0.01 ms, settle: 0, "
             "protocol: {type: pairing_frequency, frequencies: [20, "
             "50], repeats: 1}, rule: {type: stdp_voltage}}");
       }});
  cases.push_back(
      {"potentials_in_a_network", [] {
         return Tree(
             "{type: spiking_network, dt: 0.5 ms, duration: 400 ms, "
             "populations: [{type: poisson_generator, name: pre, units: 20, "
             "rate: 40 Hz}, {type: adaptive_exponential_after_potential, name: "
             "post, units: 5}], projections: [{type: synapses, name: learning, "
             "from: pre, to: post, weight: 300, delays: {type: uniform, low: "
             "0.5 ms, high: 3 ms}, connectivity: {type: all_to_all}, rule: "
             "{type: stdp_voltage, a_ltd: 0.1, a_ltp: 0.1, eligibility: {type: "
             "eligibility_trace, tau: 10 ms}}, modulator: reward}], "
             "modulators: "
             "[{type: constant_modulator, name: reward, value: 0.1}]}");
       }});
  cases.push_back(
      {"weights_over_time", [] {
         return Tree(
             "{type: spiking_network, dt: 0.5 ms, duration: 400 ms, "
             "populations: [{type: poisson_generator, name: pre, units: 20, "
             "rate: 40 Hz}, {type: lif_delta, name: post, units: 5}], "
             "projections: [{type: synapses, name: learning, from: pre, to: "
             "post, weight: 3, delays: {type: uniform, low: 0.5 ms, high: 3 "
             "ms}, connectivity: {type: all_to_all}, rule: {type: "
             "stdp_pair}}], recordings: [{type: weights, of: {projection: "
             "learning, pre: 3}, every: 7 ms}, {type: spikes}]}");
       }});
  for (const Preset& preset : Presets()) {
    const std::string name = preset.name;
    if (IsLong(ParsedPreset(name))) continue;
    cases.push_back({"preset_" + name, [name] {
                       const Experiment experiment = ParsedPreset(name);
                       return Shortened(
                           experiment.At(experiment.run_count() / 2).tree);
                     }});
  }
  return cases;
}

RecordPolicy Everything(const Component& tree) {
  RecordPolicy policy;
  for (const std::string& path : ArrayPaths(tree)) {
    policy.snapshots[path] = {0, 2, 3, -1};
  }
  return policy;
}

RecordPolicy Nothing() {
  RecordPolicy policy;
  policy.metrics_every = 0;
  return policy;
}

// A run with threads of its own.
class Resumable {
 public:
  Resumable(const Component& tree, RecordPolicy policy, int threads)
      : parallel_(threads),
        execution_(*Execution::Make(tree, 7, std::move(policy),
                                    {parallel_, inputs_})) {}

  void AdvanceTo(int64_t tick, int64_t ticks_a_call, ItemLog& log) {
    while (execution_->progress().tick < tick) {
      const int64_t left = tick - execution_->progress().tick;
      const auto progress =
          execution_->Advance(std::min(left, ticks_a_call), log, {});
      ASSERT_TRUE(progress.ok()) << progress.status();
    }
  }
  void AdvanceToEnd(int64_t ticks_a_call, ItemLog& log) {
    while (!execution_->progress().finished) {
      const auto progress = execution_->Advance(ticks_a_call, log, {});
      ASSERT_TRUE(progress.ok()) << progress.status();
    }
  }
  std::string Save() {
    std::string bytes;
    EXPECT_TRUE(execution_->Checkpoint(&bytes).ok());
    return bytes;
  }
  void Restore(const std::string& bytes) {
    const absl::Status restored = execution_->Restore(bytes);
    ASSERT_TRUE(restored.ok()) << restored;
  }
  const Progress& progress() const { return execution_->progress(); }
  std::string ResultHash() { return execution_->ResultHash(); }

 private:
  Parallel parallel_;
  const FakeInputs inputs_ = SmallFiles();
  const std::unique_ptr<Execution> execution_;
};

struct Undisturbed {
  ItemLog log;
  std::string result_hash;
  int64_t ticks = 0;
};

Undisturbed RunUndisturbed(const Component& tree, const RecordPolicy& policy) {
  Resumable run(tree, policy, 1);
  Undisturbed whole;
  run.AdvanceToEnd(1000, whole.log);
  whole.result_hash = run.ResultHash();
  whole.ticks = run.progress().tick;
  return whole;
}

class ResumeTest : public testing::TestWithParam<Case> {
 protected:
  // Saves at random ticks of a run with other threads and calls, and goes on
  // from there in a run that knows the bytes alone. From how many it came to
  // the same items and result.
  int ResumeFromRandomCheckpoints(const RecordPolicy& policy, uint32_t seed) {
    const Undisturbed whole = RunUndisturbed(tree_, policy);
    std::mt19937 random(seed);
    const auto below = [&](int64_t n) {
      return static_cast<int64_t>(random() % static_cast<uint32_t>(n));
    };
    int same = 0;
    for (int i = 0; i < kCheckpoints; ++i) {
      const int64_t at = below(whole.ticks + 1);
      SCOPED_TRACE(testing::Message() << "saved at tick " << at << " of "
                                      << whole.ticks << ", try " << i);
      ItemLog log;
      std::string bytes;
      {
        Resumable first(tree_, policy, 1 + static_cast<int>(below(3)));
        first.AdvanceTo(at, 1 + below(4), log);
        bytes = first.Save();
      }
      Resumable second(tree_, policy, 1 + i % 3);
      second.Restore(bytes);
      EXPECT_EQ(second.progress().tick, at);
      second.AdvanceToEnd(1 + below(4), log);
      const bool is_same = second.ResultHash() == whole.result_hash &&
                           log.items == whole.log.items;
      EXPECT_TRUE(is_same) << "other items, or another result";
      same += is_same ? 1 : 0;
    }
    return same;
  }

  const ScopedNumericEnvironment environment_;
  const Component tree_ = GetParam().tree();
};

TEST_P(ResumeTest, GoesOnWithTheSameItemsAndResult) {
  EXPECT_EQ(ResumeFromRandomCheckpoints(Everything(tree_), 1), kCheckpoints);
}

TEST_P(ResumeTest, GoesOnWithTheSameResultWithoutRecording) {
  EXPECT_EQ(ResumeFromRandomCheckpoints(Nothing(), 2), kCheckpoints);
}

TEST_P(ResumeTest, WhatIsRecordedChangesNoResult) {
  EXPECT_EQ(RunUndisturbed(tree_, Everything(tree_)).result_hash,
            RunUndisturbed(tree_, Nothing()).result_hash);
}

TEST_P(ResumeTest, SavingChangesNothingAndIsTheSameWhoeverSaves) {
  const RecordPolicy policy = Everything(tree_);
  const Undisturbed whole = RunUndisturbed(tree_, policy);
  Resumable run(tree_, policy, 1);
  ItemLog log, own;
  // Saved and restored at every tick, each time by another execution.
  std::string bytes = run.Save();
  for (int64_t tick = 1; tick <= whole.ticks; ++tick) {
    Resumable next(tree_, policy, 1 + static_cast<int>(tick % 3));
    next.Restore(bytes);
    next.AdvanceTo(tick, 1, log);
    bytes = next.Save();
    run.AdvanceTo(tick, 1, own);
    EXPECT_EQ(Sha256Hex(run.Save()), Sha256Hex(bytes)) << "at tick " << tick;
  }
  EXPECT_EQ(log.items, whole.log.items);
  EXPECT_EQ(own.items, whole.log.items);
  EXPECT_EQ(run.ResultHash(), whole.result_hash);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Trees, ResumeTest, testing::ValuesIn(Cases()), NameOf);

}  // namespace
}  // namespace engram
