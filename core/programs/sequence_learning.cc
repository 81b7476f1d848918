#include "core/programs/sequence_learning.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/analyses/block_structure.h"
#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/network_dynamics.h"
#include "core/analyses/item_patterns.h"
#include "core/base/statistics.h"
#include "core/networks/catalog.h"
#include "core/programs/sequence_parts.h"
#include "core/programs/state_array.h"
#include "core/programs/synapse_list.h"
#include "core/rules/apply.h"
#include "core/tasks/catalog.h"

namespace engram {
namespace {

// Recalls are told apart in the address of their noise by the trial after which
// they come: their steps stay below this.
constexpr int64_t kStepsOfOneRecall = int64_t{1} << 32;

double Norm(std::span<const double> x) {
  return std::sqrt(statistics::SumOfSquares(x));
}

double DistanceNorm(const Array<double>& a, Array<double>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    const int64_t at = static_cast<int64_t>(i);
    b[at] = a[at] - b[at];
  }
  return Norm(b.span());
}

// -1 of a full network, as RuleShape has it.
int64_t SynapseCount(const RateNetwork& network) {
  const Array<int32_t>* inputs = network.inputs();
  return inputs == nullptr ? -1 : inputs->rows() * inputs->cols();
}

}  // namespace

SequenceLearning::SequenceLearning(const Component& root, uint64_t seed,
                                   Context context)
    : parallel_(context.parallel),
      seed_(seed),
      network_component_(root.Slot("network")),
      network_(MakeNetwork(root.Slot("network"), seed, parallel_)),
      task_(
          MakeTask(root.Slot("task"), seed, network_->units(), network_->dt())),
      rule_(MakePlasticity<double>(root.Slot("rule"),
                                   {.n_post = network_->units(),
                                    .n_pre = network_->units(),
                                    .dt = network_->dt(),
                                    .is_recurrent = true,
                                    .synapses = SynapseCount(*network_)})),
      rule_type_(root.Slot("rule").type),
      system_analyses_(root.Slots("analyses"), seed, network_->units()),
      repetitions_(root.Integer("repetitions")),
      test_every_(root.Integer("test_every")),
      gain_(root.Real("gain")),
      feedback_(FeedbackScale(root.Find("feedback"))),
      training_noise_(seed, root.Slot("network").path, "training_noise"),
      recall_noise_(seed, root.Slot("network").path, "recall_noise"),
      trial_(1),
      weights_(network_->units(), network_->units()),
      state_(network_->units()),
      input_(network_->units()),
      previous_(network_->units(), network_->units()),
      effective_(network_->units(), network_->units()),
      recall_state_(network_->units()),
      recall_(*task_, network_->units(), network_->dt()) {
  for (const Component& component : root.Slots("analyses")) {
    auto analysis = MakeAnalysis(component);
    if (analysis) analyses_.push_back({component, std::move(analysis)});
  }
  if (const Component* part = root.Find("gain_matching")) matching_ = *part;
  if (network_->inputs() != nullptr) {
    synapses_ = SynapsesOf(*network_->inputs());
  }
  network_->Reset(state_);
}

absl::StatusOr<Progress> SequenceLearning::Advance(int64_t ticks, Recorder& out,
                                                   std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && !progress().finished; --ticks) {
    if (stop.stop_requested()) break;
    if (trial_[0] < repetitions_) {
      if (absl::Status status = Train(out); !status.ok()) return status;
    } else if (trial_[0] == repetitions_) {
      AnalyseRecall(out);
    } else {
      AnalyseSystem(trial_[0] - repetitions_ - 1, out);
    }
    ++trial_[0];
  }
  return progress();
}

Progress SequenceLearning::progress() const {
  const int64_t total = repetitions_ + 1 + system_analyses_.parts();
  return {.tick = trial_[0], .total = total, .finished = trial_[0] >= total};
}

absl::Status SequenceLearning::Train(Recorder& out) {
  is_recalled_ = false;
  previous_ = weights_;
  if (synapses_) Gather(weights_, *synapses_);
  const int64_t first = trial_[0] * task_->trial_steps();
  const Signals<double> signals{.pre = state_.rate.span(),
                                .post = state_.rate.span(),
                                .dt = network_->dt()};
  for (int64_t step = 0; step < task_->trial_steps(); ++step) {
    task_->TrialInput(step, input_.span());
    if (feedback_ > 0) AddScaled(feedback_, effective_.span());
    network_->Step(feedback_ > 0 ? effective_ : network_->initial_weights(),
                   input_.span(), training_noise_, first + step, state_);
    Learn(signals);
  }
  EndTrial();
  if (absl::Status status = CheckFinite(); !status.ok()) return status;
  Report(out);
  return absl::OkStatus();
}

// Of a sparse network the rule sees the synapses that exist; the matrix follows
// where training reads it. In open loop nobody reads the weights before the
// trial ends.
void SequenceLearning::Learn(const Signals<double>& signals) {
  const auto learn = [&](auto& w) {
    if (feedback_ > 0) {
      ApplyRule(*rule_, signals, w, parallel_);
    } else {
      ApplyRuleUnsettled(*rule_, signals, w, parallel_);
    }
  };
  if (!synapses_) return learn(weights_);
  learn(*synapses_);
  if (feedback_ > 0) Scatter(*synapses_, weights_);
}

void SequenceLearning::EndTrial() {
  if (!synapses_) return Settle(*rule_, weights_, parallel_);
  Settle(*rule_, *synapses_, parallel_);
  Scatter(*synapses_, weights_);
}

absl::Status SequenceLearning::CheckFinite() const {
  const int64_t trial = trial_[0] + 1;
  const auto diverged = [&](const std::string& what, const char* remedy) {
    return absl::OutOfRangeError(
        absl::StrCat(what, " is not finite after trial ", trial, " (step ",
                     trial * task_->trial_steps(), "); ", remedy));
  };
  if (!statistics::AllFinite(state_.potential.span())) {
    return diverged("network.state", "a smaller network.dt may help");
  }
  if (!statistics::AllFinite(weights_.span())) {
    return diverged(
        absl::StrCat("rule.weights, what ", rule_type_,
                     " learned on the network's recurrent projection,"),
        "a smaller rule.eta, or rule.bounds, may help");
  }
  return absl::OkStatus();
}

void SequenceLearning::Report(Recorder& out) {
  const int64_t trial = trial_[0] + 1;
  const auto point = [&](const char* name, const Measured& value) {
    out.Point({name, "1", "trial", "1"}, static_cast<double>(trial), value);
  };
  const std::optional<double> symmetry = SymmetryIndex(weights_);
  point("weight_norm", Measured::Of(Norm(weights_.span())));
  point("weight_change", Measured::Of(DistanceNorm(weights_, previous_)));
  point("symmetry_index", symmetry
                              ? Measured::Of(*symmetry)
                              : Measured::Absent("nothing was learned yet"));
  point("sequential_coupling",
        Measured::Of(SequentialCoupling(BlockMeans(weights_, *task_))));
  if (test_every_ == 0 || trial % test_every_ != 0) return;
  Recall(trial);
  point("sequence_length",
        Measured::Of(static_cast<double>(recall_.sequence_length())));
  std::vector<double> peaks;
  for (int64_t k = 0; k < recall_.items(); ++k)
    peaks.push_back(recall_.peak(k));
  out.Live("recall_peak", peaks);
}

void SequenceLearning::RecallAtEnd() {
  if (!is_recalled_) Recall(repetitions_);
  is_recalled_ = true;
}

void SequenceLearning::AnalyseSystem(int64_t part, Recorder& out) {
  RecallAtEnd();
  const std::unique_ptr<Dynamics> dynamics =
      DynamicsOfNetwork(network_component_, effective_);
  const Array<double> patterns = ItemPatterns(*task_, network_->units());
  const SystemSubject subject{.dynamics = dynamics.get(),
                              .weights = &weights_,
                              .patterns = &patterns,
                              .task = task_.get(),
                              .recall = &recall_,
                              .seed = seed_,
                              .parallel = &parallel_};
  system_analyses_.RunPart(subject, part, out);
}

void SequenceLearning::AnalyseRecall(Recorder& out) {
  RecallAtEnd();
  const SequenceResults results{
      .task = *task_, .weights = weights_, .recall = recall_};
  for (const NamedAnalysis& a : analyses_) {
    AnalysisOutput output(a.component, out);
    a.analysis->Run(results, output);
  }
  out.Log(LogLevel::kInfo,
          absl::StrCat("recall after ", repetitions_,
                       " presentations: ", recall_.sequence_length(), " of ",
                       recall_.items(), " items in order"));
}

void SequenceLearning::Recall(int64_t trial) {
  FillWeights(effective_.span());
  recall_.Clear();
  network_->Reset(recall_state_);
  for (int64_t step = 0; step < task_->recall_steps(); ++step) {
    task_->RecallInput(step, input_.span());
    network_->Step(effective_, input_.span(), recall_noise_,
                   trial * kStepsOfOneRecall + step, recall_state_);
    recall_.Add(recall_state_.rate.span());
  }
}

Array<double> SequenceLearning::RecallRates() {
  FillWeights(effective_.span());
  network_->Reset(recall_state_);
  Array<double> rates(task_->recall_steps(), network_->units());
  for (int64_t step = 0; step < rates.rows(); ++step) {
    task_->RecallInput(step, input_.span());
    network_->Step(effective_, input_.span(), recall_noise_,
                   repetitions_ * kStepsOfOneRecall + step, recall_state_);
    for (int64_t i = 0; i < rates.cols(); ++i) {
      rates(step, i) = recall_state_.rate[i];
    }
  }
  return rates;
}

void SequenceLearning::FillWeights(std::span<double> w) const {
  AddScaled(
      RecallScale(matching_ ? &*matching_ : nullptr, gain_, weights_, *task_),
      w);
}

void SequenceLearning::AddScaled(double scale, std::span<double> w) const {
  const Array<double>& w0 = network_->initial_weights();
  for (size_t i = 0; i < w.size(); ++i) {
    const int64_t at = static_cast<int64_t>(i);
    w[i] = w0[at] + scale * weights_[at];
  }
}

void SequenceLearning::VisitState(StateVisitor& v) {
  v.State("trial", StateOf(trial_, "1"));
  v.State("network.state", StateOf(state_.potential, "1"));
  v.State("network.rates", StateOf(state_.rate, "1"));
  v.State("rule.weights", StateOf(weights_, "1"));
  rule_->VisitState("rule", v);
  system_analyses_.VisitState(v);
  // The visitor reads it; a Fixed array is rebuilt, never written.
  Array<double>& w0 = const_cast<Array<double>&>(network_->initial_weights());
  v.Fixed("network.initial_weights", StateOf(w0, "1"));
  v.View("task.patterns", ElementType::kFloat64, ArrayOrder::kColumnMajor,
         {network_->units(), task_->items()}, "1",
         [this](std::span<std::byte> bytes) {
           const Array<double> patterns =
               ItemPatterns(*task_, network_->units());
           std::ranges::copy(patterns.bytes(), bytes.begin());
         });
  v.View(
      "network.weights", ElementType::kFloat64, ArrayOrder::kColumnMajor,
      ShapeOf(weights_), "1", [this](std::span<std::byte> bytes) {
        ENGRAM_EXPECT(bytes.size() == weights_.bytes().size());
        FillWeights({reinterpret_cast<double*>(bytes.data()), weights_.size()});
      });
}

}  // namespace engram
