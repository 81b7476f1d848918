#include "core/analyses/training/ei_tuning.h"

#include <algorithm>
#include <cmath>

#include "core/base/math.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Trials of tests from this number on are none that a run's own tests show.
constexpr int64_t kFreshTrials = int64_t{1} << 40;

// Sums over trials of one class.
struct ClassSums {
  double trials = 0;
  double spikes = 0;         // in all steps
  double scored_spikes = 0;  // in the scored ones
  double excitation = 0, inhibition = 0;
};

Measured RatioOf(double over, double under, const char* reason) {
  return under > 0 ? Measured::Of(over / under) : Measured::Absent(reason);
}

Array<double> ChannelSums(const std::vector<double>& weights,
                          int64_t channels) {
  Array<double> sums(channels);
  const int64_t units = static_cast<int64_t>(weights.size()) / channels;
  for (int64_t i = 0; i < channels * units; ++i) {
    sums[i / units] += weights[static_cast<size_t>(i)];
  }
  return sums;
}

template <class Real>
class Tuning {
 public:
  Tuning(const TrainedState<Real>& trained)
      : trained_(trained),
        excitatory_(ParameterOf(trained, "input_weights")),
        inhibitory_(ParameterOf(trained, "inhibitory_input_weights")),
        dt_(trained.root.Slot("network").Real("dt")) {
    const Component& network = trained.root.Slot("network");
    alpha_e_ = math::Exp(-dt_ / network.Real("tau_syn"));
    alpha_i_ = math::Exp(-dt_ / network.Real("tau_inh"));
  }

  void Show(int64_t trials) {
    for (int64_t first = 0; first < trials; first += kSamplesPerBlock) {
      ShowBlock(kFreshTrials + first,
                std::min(kSamplesPerBlock, trials - first));
    }
  }

  void Report(AnalysisOutput& out) const {
    const int64_t channels = trained_.root.Slot("task").Integer("channels");
    const Array<double> e = ChannelSums(excitatory_, channels);
    const Array<double> i = ChannelSums(inhibitory_, channels);
    const std::optional<double> rho =
        statistics::Correlation(e.span(), i.span());
    out.Summary("co_tuning", "1",
                rho ? Measured::Of(*rho)
                    : Measured::Absent("weights do not differ over channels"));
    const ClassSums &other = sums_[0], &preferred = sums_[1];
    const char* silent = "there was no excitatory current";
    out.Summary("balance_preferred", "1",
                RatioOf(preferred.inhibition, preferred.excitation, silent));
    out.Summary("balance_all", "1",
                RatioOf(preferred.inhibition + other.inhibition,
                        preferred.excitation + other.excitation, silent));
    out.Summary("selectivity", "1",
                RatioOf(preferred.scored_spikes * other.trials,
                        other.scored_spikes * preferred.trials,
                        "no spike in trials of class 0"));
    const double ms = (preferred.trials + other.trials) * dt_ *
                      static_cast<double>(block_.steps);
    out.Summary("rate", "Hz",
                Measured::Of(1000 * (preferred.spikes + other.spikes) / ms));
    out.Array("excitatory_tuning", ViewOf(e, "1"));
    out.Array("inhibitory_tuning", ViewOf(i, "1"));
  }

 private:
  void ShowBlock(int64_t number, int64_t samples) {
    const Stage stage;
    const BatchLength length = trained_.task.Length(stage, Part::kTest, 0);
    block_.part = Part::kTest;
    block_.samples = block_.batch_samples = samples;
    block_.steps = length.steps;
    block_.first_scored = length.first_scored;
    block_.first_trial = number;
    const TaskShape& shape = trained_.task.shape();
    Resize(shape.inputs, shape.outputs, block_);
    for (int64_t k = 0; k < samples; ++k) {
      trained_.task.Fill(
          stage, {.part = Part::kTest, .number = number + k, .sample = k},
          ViewOfTrial(block_, k));
    }
    trained_.network.Resize(block_, pass_);
    trained_.network.DrawState(block_, pass_);
    trained_.network.Forward(trained_.parameters, block_, pass_);
    for (int64_t k = 0; k < samples; ++k) AddTrial(k);
  }

  void AddTrial(int64_t sample) {
    const int64_t last = block_.scored_columns() - block_.samples + sample;
    ClassSums& sums = sums_[block_.labels[last] == 1 ? 1 : 0];
    const Array<Real>& spikes = pass_.courses.back().outputs;
    double e = 0, i = 0;
    for (int64_t t = 0; t < block_.steps; ++t) {
      const double spike =
          static_cast<double>(spikes[(t + 1) * block_.samples + sample]);
      sums.spikes += spike;
      if (t >= block_.first_scored) sums.scored_spikes += spike;
      const Real* x = block_.inputs.data() +
                      block_.inputs.rows() * (t * block_.samples + sample);
      e = alpha_e_ * e + Drive(excitatory_, x);
      i = alpha_i_ * i + Drive(inhibitory_, x + excitatory_.size());
      sums.excitation += e;
      sums.inhibition += i;
    }
    ++sums.trials;
  }

  static double Drive(const std::vector<double>& weights, const Real* x) {
    double sum = 0;
    for (size_t j = 0; j < weights.size(); ++j) {
      if (x[j] != Real{0}) sum += weights[j] * static_cast<double>(x[j]);
    }
    return sum;
  }

  const TrainedState<Real>& trained_;
  const std::vector<double> excitatory_, inhibitory_;
  const double dt_;
  double alpha_e_ = 0, alpha_i_ = 0;
  TrainingBlock<Real> block_;
  NetworkPass<Real> pass_;
  ClassSums sums_[2];  // of class 0 and 1
};

}  // namespace

template <class Real>
void RunEiTuning(const TrainedState<Real>& trained, const Component& analysis,
                 AnalysisOutput& out) {
  Tuning<Real> tuning(trained);
  tuning.Show(analysis.Integer("trials"));
  tuning.Report(out);
}
template void RunEiTuning(const TrainedState<float>&, const Component&,
                          AnalysisOutput&);
template void RunEiTuning(const TrainedState<double>&, const Component&,
                          AnalysisOutput&);

std::string RefuseEiTuning(const Component& root) {
  const std::string& task = root.Slot("task").type;
  if (task != "ei_selectivity" && task != "novelty_selectivity") {
    return "ei_tuning reads channels of excitatory and inhibitory inputs, "
           "which "
           "ei_selectivity and novelty_selectivity have; " +
           task + " has none: take another task, or leave the analysis out";
  }
  const Component& network = root.Slot("network");
  if (network.type == "feedforward_lif" && network.Integer("units") == 1 &&
      network.Integer("layers") == 1 &&
      network.Real("inhibitory_inputs") == 0.5) {
    return "";
  }
  return "ei_tuning reads one unit whose second half of inputs inhibits; set "
         "network to {type: feedforward_lif, units: 1, inhibitory_inputs: 0.5}";
}

ComponentSpec EiTuningSpec() {
  const auto summary = [](const char* name, const char* unit,
                          const char* meaning) {
    return OutputSpec{name, OutputKind::kSummary, unit, "", meaning};
  };
  const auto array = [](const char* name, const char* meaning) {
    return OutputSpec{name, OutputKind::kArray, "1", "", meaning};
  };
  return {
      .kind = Kind::kTrainedAnalysis,
      .type = "ei_tuning",
      .summary =
          "tuning of a trained unit's excitatory and inhibitory inputs, "
          "and their balance, over fresh trials",
      .equation =
          "co_tuning = corr_k(w^E_k, w^I_k), w_k a channel's sum of "
          "weights\n"
          "balance = sum I_I / sum I_E\n"
          "selectivity = spikes on trials of class 1 / of class 0",
      .reference = "doi:10.1126/science.1211095",
      .parameters = {Integer("trials", 512, 1, 1000000, "that are shown")},
      .outputs = {
          summary("co_tuning", "1", "-1 anti-tuned, 1 co-tuned"),
          summary("balance_preferred", "1",
                  "inhibitory over excitatory current in trials of class 1"),
          summary("balance_all", "1", "the same over all trials"),
          summary("selectivity", "1",
                  "mean spikes in the scored steps, class 1 over class 0"),
          summary("rate", "Hz", "over all trials and steps"),
          array("excitatory_tuning", "sum of a channel's excitatory weights"),
          array("inhibitory_tuning", "sum of a channel's inhibitory weights")}};
}

}  // namespace engram
