// What the gates of a gated layer do: their means over units, steps and fresh
// trials, and in subtractive cells the balance of what enters and leaves.
//
// Source: Costa et al. (2017), NeurIPS 30:272-283, arXiv:1711.02448.

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/analyses/record_table.h"
#include "core/analyses/training/catalog.h"
#include "core/analyses/training/fresh_trials.h"
#include "core/base/array.h"

namespace engram {
namespace {

// Names of a layer's gates, in the order in which it keeps them.
std::string GatesOf(const std::string& type) {
  if (type == "lstm") return "ifzo";
  if (type == "sublstm") return "iozf";
  if (type == "fix_sublstm") return "ioz";
  if (type == "gru") return "run";
  return "";
}

bool IsSubtractive(const std::string& type) {
  return type == "sublstm" || type == "fix_sublstm";
}

template <class Real>
class GateStatistics final : public TrainedAnalysis<Real> {
 public:
  explicit GateStatistics(const TrainedSubject& subject)
      : component_(subject.analysis),
        type_(TypeOfLayer(subject.analysis, subject.root)) {}

  void Finish(const TrainedState<Real>& trained, AnalysisOutput& out) override {
    FillFreshTrials(trained, component_.Integer("trials"), block_);
    trained.network.Resize(block_, pass_);
    trained.network.DrawState(block_, pass_);
    trained.network.Forward(trained.parameters, block_, pass_);
    const size_t l = LayerOf(trained, component_);
    const Array<double> means =
        GateMeans(*trained.network.layers()[l], pass_.courses[l]);
    RecordTable("gate_means", means, "1", out);
    for (const char gate : std::string("ifzorun")) ReportGate(gate, means, out);
    ReportBalance(means, *trained.network.layers()[l], pass_.courses[l], out);
  }

 private:
  int64_t columns() const { return block_.samples * block_.steps; }

  // Of each unit (units, gates).
  Array<double> GateMeans(const Layer<Real>& layer,
                          const LayerCourse<Real>& course) const {
    const int64_t units = layer.units(), rows = layer.rows().gates;
    Array<double> means(units, static_cast<int64_t>(GatesOf(type_).size()));
    for (int64_t column = 0; column < columns(); ++column) {
      const Real* gates = course.gates.data() + rows * column;
      for (size_t k = 0; k < means.size(); ++k) {
        const auto at = static_cast<int64_t>(k);
        means[at] += static_cast<double>(gates[at]);
      }
    }
    for (double& m : means.span()) m /= static_cast<double>(columns());
    return means;
  }

  static double MeanOf(std::span<const double> of_units) {
    double sum = 0;
    for (double m : of_units) sum += m;
    return sum / static_cast<double>(of_units.size());
  }

  double GateMean(char gate, const Array<double>& means) const {
    return MeanOf(means.col(static_cast<int64_t>(GatesOf(type_).find(gate))));
  }

  void ReportGate(char gate, const Array<double>& means,
                  AnalysisOutput& out) const {
    const std::string name = absl::StrCat("mean_", std::string(1, gate));
    const bool has = GatesOf(type_).find(gate) != std::string::npos;
    out.Summary(
        name, "1",
        has ? Measured::Of(GateMean(gate, means))
            : Measured::Absent(absl::StrCat(type_, " has no such gate")));
  }

  void ReportBalance(const Array<double>& means, const Layer<Real>& layer,
                     const LayerCourse<Real>& course,
                     AnalysisOutput& out) const {
    const Measured none = Measured::Absent("the layer's gates do not subtract");
    out.Summary("input_balance", "1",
                IsSubtractive(type_)
                    ? Measured::Of(GateMean('z', means) - GateMean('i', means))
                    : none);
    double sum = 0;
    const int64_t size = layer.units() * block_.samples;
    for (int64_t k = 0; k < size * block_.steps; ++k) {
      sum += static_cast<double>(course.outputs[size + k]);
    }
    out.Summary(
        "output_balance", "1",
        IsSubtractive(type_)
            ? Measured::Of(sum / static_cast<double>(size * block_.steps))
            : none);
  }

  const Component& component_;
  const std::string type_;
  TrainingBlock<Real> block_;
  NetworkPass<Real> pass_;
};

std::string Refuse(const Component& analysis, const Component& root) {
  const std::string refusal = RefuseLayer(analysis, root);
  if (!refusal.empty()) return refusal;
  const std::string type = TypeOfLayer(analysis, root);
  if (!GatesOf(type).empty()) return "";
  return absl::StrCat("gate_statistics reads gates, and ", type,
                      " has none; take lstm, sublstm, fix_sublstm or gru, or "
                      "another layer");
}

}  // namespace

TrainedAnalysisRow GateStatisticsRow() {
  const auto summary = [](const char* name, const char* meaning) {
    return OutputSpec{name, OutputKind::kSummary, "1", "", meaning};
  };
  TrainedAnalysisRow row = RowOfTrainedAnalysis<GateStatistics>(
      {.type = "gate_statistics",
       .summary = "what the gates of a gated layer do over fresh trials",
       .equation = "input balance = <z - i>, output balance = <sigma(c) - o>",
       .reference = "arXiv:1711.02448",
       .parameters = FreshTrialParameters(),
       .outputs = {summary("mean_i", "of input gates"),
                   summary("mean_f", "of forget gates"),
                   summary("mean_z", "of what would enter"),
                   summary("mean_o", "of output gates"),
                   summary("mean_r", "of reset gates"),
                   summary("mean_u", "of update gates"),
                   summary("mean_n", "of candidates"),
                   summary("input_balance", "of subtractive cells"),
                   summary("output_balance", "of subtractive cells"),
                   {"gate_means", OutputKind::kArray, "1", "",
                    "of each unit (units, gates)"}}});
  row.refusal = Refuse;
  return row;
}

}  // namespace engram
