// How much noise on its recurrent weights or time constants a trained network
// bears:
//
//   W + epsilon |W| / |xi| xi         xi  independent standard normal numbers
//   tau + epsilon |tau| / |xi| |xi|   time constants only grow
//
// Source: Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/analyses/training/answers.h"
#include "core/analyses/training/catalog.h"
#include "core/base/array.h"
#include "core/base/math.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Evenly spaced in their logarithm.
double StrengthOf(const Component& c, int64_t k) {
  const double low = c.Real("low"), high = c.Real("high");
  const double share =
      static_cast<double>(k) / static_cast<double>(c.Integer("strengths") - 1);
  return low * math::Exp(share * math::Log(high / low));
}

bool IsOfTau(const Component& analysis) { return analysis.Text("of") == "tau"; }

// Part 0 measures the network as it is, the next ones one strength each, every
// stream with noise of its own.
template <class Real>
class Perturbation final : public TrainedAnalysis<Real> {
 public:
  explicit Perturbation(const TrainedSubject& subject)
      : component_(subject.analysis),
        answers_(subject),
        noise_(subject.seed, subject.analysis.path, "perturbation"),
        accuracy_(1 + component_.Integer("strengths")) {}

  void RunPart(const TrainedState<Real>& trained, int64_t part) override {
    const Question question =
        QuestionOf(trained.stage, trained.passed, component_.Integer("n"));
    double sum = 0;
    for (int64_t repeat = 0; repeat < answers_.repeats(); ++repeat) {
      const Real* first = trained.parameters;
      std::vector<Real> store(first, first + trained.network.layout().size());
      if (part > 0) Perturb(trained, part - 1, repeat, store);
      sum += answers_.Shares(trained, store.data(), {question}, repeat,
                             repeat + 1)[0];
    }
    accuracy_[part] = sum / static_cast<double>(answers_.repeats());
  }

  void Finish(const TrainedState<Real>&, AnalysisOutput& out) override {
    std::vector<double> relative;
    for (int64_t k = 0; k < component_.Integer("strengths"); ++k) {
      const Measured a = RelativeAccuracy(accuracy_[k + 1], accuracy_[0]);
      out.Point("relative_accuracy", "1", "strength", "1",
                StrengthOf(component_, k), a);
      if (!a.is_absent()) relative.push_back(a.value());
    }
    out.Summary("perturbation_baseline", "1", Measured::Of(accuracy_[0]));
    out.Summary("half_strength", "1",
                relative.empty() ? RelativeAccuracy(accuracy_[0], accuracy_[0])
                                 : HalfStrength(relative));
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    v.State(path + ".accuracy", StateOf(accuracy_, "1"));
  }

 private:
  // The same xi at every strength.
  void Perturb(const TrainedState<Real>& trained, int64_t strength,
               int64_t repeat, std::vector<Real>& store) const {
    const ParameterMatrix& matrix =
        *trained.network.layout().Find(component_.Text("of"));
    std::vector<double> values = ParameterOf(trained, matrix.name);
    std::vector<double> xi(values.size());
    noise_.FillNormal(repeat, xi);
    for (size_t i = 0; i < values.size(); ++i) {
      if (IsOfTau(component_)) {
        values[i] = std::max(values[i], 1.0);
        xi[i] = std::abs(xi[i]);
      } else if (values[i] == 0) {
        xi[i] = 0;  // a synapse that is not there stays away
      }
    }
    const double size = statistics::SumOfSquares(xi);
    if (size == 0) return;
    const double scale = StrengthOf(component_, strength) *
                         std::sqrt(statistics::SumOfSquares(values) / size);
    for (size_t i = 0; i < values.size(); ++i) {
      store[static_cast<size_t>(matrix.offset) + i] =
          static_cast<Real>(values[i] + scale * xi[i]);
    }
  }

  // Where relative accuracy first falls below one half, between two strengths
  // evenly in the logarithm.
  Measured HalfStrength(const std::vector<double>& relative) const {
    if (relative[0] < 0.5) {
      return Measured::Absent("the smallest strength does more harm than half");
    }
    for (size_t k = 1; k < relative.size(); ++k) {
      if (relative[k] >= 0.5) continue;
      const auto at = static_cast<int64_t>(k);
      const double below = StrengthOf(component_, at - 1);
      const double above = StrengthOf(component_, at);
      const double share =
          (relative[k - 1] - 0.5) / (relative[k - 1] - relative[k]);
      return Measured::Of(below * math::Exp(share * math::Log(above / below)));
    }
    return Measured::Absent("the largest strength does less harm than half");
  }

  const Component& component_;
  Answers<Real> answers_;
  RandomStream noise_;
  Array<double> accuracy_;  // (1 + n_strengths)
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = AnswerParameters("half");
  parameters.push_back(Choice("of", "recurrent_weights",
                              {"recurrent_weights", "tau"},
                              "what noise is added to; time constants only "
                              "grow"));
  parameters.push_back(
      Real("low", "1", 0.01, 1e-9, 1e9, "smallest relative strength"));
  parameters.push_back(
      Real("high", "1", 10, 1e-9, 1e9, "largest relative strength"));
  parameters.push_back(Integer("strengths", 10, 2, 1000,
                               "of them, evenly spaced in the logarithm"));
  return parameters;
}

std::string Refuse(const Component& analysis, const Component& root) {
  const std::string refusal = RefuseAnswers(analysis, root);
  if (!refusal.empty()) return refusal;
  const Component& network = root.Slot("network");
  if (IsOfTau(analysis) && network.type != "leaky_rnn") {
    return absl::StrCat("time constants are perturbed, and ", network.type,
                        " has none; take of: recurrent_weights, or a "
                        "leaky_rnn");
  }
  if (network.type != "layer_stack" && network.type != "feed_forward" &&
      network.Integer("layers") == 1) {
    return "";
  }
  return "perturbation reads the recurrent weights of one layer; take a "
         "recurrent network of one layer";
}

}  // namespace

TrainedAnalysisRow PerturbationRow() {
  const OutputKind summary = OutputKind::kSummary;
  TrainedAnalysisRow row = RowOfTrainedAnalysis<Perturbation>(
      {.type = "perturbation",
       .summary = "how much noise on its recurrent weights or time constants a "
                  "trained network bears",
       .equation = "W + epsilon |W| / |xi| xi, xi ~ N(0, 1)\n"
                   "tau + epsilon |tau| / |xi| |xi|\n"
                   "relative accuracy = (a - 1/2) / (a_0 - 1/2)",
       .reference = "arXiv:2309.12927",
       .parameters = Parameters(),
       .outputs = {{"perturbation_baseline", summary, "1", "",
                    "share of right answers without noise"},
                   {"half_strength", summary, "1", "",
                    "strength at which relative accuracy falls to one half"},
                   {"relative_accuracy", OutputKind::kSeries, "1", "strength",
                    "mean over noises and streams"}},
       .check = [](const Component& self, const Component&, Faults& faults) {
         if (self.Real("low") < self.Real("high")) return;
         faults.push_back(
             {0, self.path + ".low", "low is not below high; make it smaller"});
       }});
  row.refusal = Refuse;
  row.parts = [](const Component& c, const Component&) {
    return 1 + c.Integer("strengths");
  };
  row.work = [](const Component& c, const Component& root) {
    return TrainedWork{
        .columns = ColumnsOfAnswers(c, root) *
                   static_cast<double>(1 + c.Integer("strengths")),
        .bytes = 0};
  };
  row.state = [](const Component&, const Component&) {
    return std::vector<std::string>{"accuracy"};
  };
  return row;
}

}  // namespace engram
