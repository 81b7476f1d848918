// How much of the loss' gradient reaches earlier steps: the norms of dL/dh_t
// and, in layers with a memory cell, of dL/dc_t against the steps back from
// the last one. dL/dc_t counts what goes through h_t, too:
//
//   dL/dc_t = (dL/dc_t)|h + dh_t/dc_t dL/dh_t
//
// Source: Bengio et al. (1994), doi:10.1109/72.279181; of subtractive cells
// Costa et al. (2017), arXiv:1711.02448.

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/analyses/training/catalog.h"
#include "core/analyses/training/fresh_trials.h"
#include "core/learners/learner.h"
#include "core/learners/state_errors.h"
#include "core/training/trainer.h"

namespace engram {
namespace {

// The mean over samples of the norm over units.
template <class Real>
double MeanNorm(const std::vector<Real>& errors, int64_t units,
                int64_t samples) {
  double sum = 0;
  for (int64_t k = 0; k < samples; ++k) {
    double squares = 0;
    for (int64_t i = 0; i < units; ++i) {
      const auto e =
          static_cast<double>(errors[static_cast<size_t>(k * units + i)]);
      squares += e * e;
    }
    sum += std::sqrt(squares);
  }
  return sum / static_cast<double>(samples);
}

template <class Real>
class GradientFlow final : public TrainedAnalysis<Real> {
 public:
  explicit GradientFlow(const TrainedSubject& subject)
      : component_(subject.analysis) {}

  void Finish(const TrainedState<Real>& trained, AnalysisOutput& out) override {
    FillFreshTrials(trained, component_.Integer("trials"), block_);
    const TrainedNetwork<Real>& network = trained.network;
    const Loss<Real> loss = MakeLoss<Real>(trained.root, trained.task.shape());
    network.Resize(block_, pass_);
    network.DrawState(block_, pass_);
    ForwardLoss(network, loss, trained.parameters, block_, pass_);
    Norms output, cell;
    const size_t looked_at = LayerOf(trained, component_);
    const Layer<Real>& layer = *network.layers()[looked_at];
    StateErrors<Real> errors;
    BackwardByStep<Real>(
        network, loss, trained.parameters, block_, pass_,
        [&](size_t l, int64_t step, const Real* direct) {
          if (l != looked_at) return;
          GetStateErrors(layer, pass_.courses[l], step, direct, errors);
          output.push_back(
              MeanNorm(errors.outputs, layer.units(), block_.samples));
          if (errors.cells.empty()) return;
          cell.push_back(MeanNorm(errors.cells, layer.units(), block_.samples));
        });
    Report("output", output, out);
    Report("cell", cell, out);
  }

 private:
  using Norms = std::vector<double>;  // from the last step back

  static void Report(const std::string& of, const Norms& norms,
                     AnalysisOutput& out) {
    const char* no_cell = "the layer has no memory cell";
    for (size_t k = 0; k < norms.size(); ++k) {
      out.Point(of + "_gradient", "1", "steps_back", "1",
                static_cast<double>(k), Measured::Of(norms[k]));
    }
    if (norms.empty()) {
      out.Point(of + "_gradient", "1", "steps_back", "1", 0,
                Measured::Absent(no_cell));
      out.Summary(of + "_flow", "1", Measured::Absent(no_cell));
      return;
    }
    out.Summary(of + "_flow", "1",
                norms[0] > 0 ? Measured::Of(norms.back() / norms[0])
                             : Measured::Absent("no error at the last step"));
  }

  const Component& component_;
  TrainingBlock<Real> block_;
  NetworkPass<Real> pass_;
};

std::string Refuse(const Component& analysis, const Component& root) {
  const std::string refusal = RefuseLayer(analysis, root);
  if (!refusal.empty()) return refusal;
  const std::string type = TypeOfLayer(analysis, root);
  if (!type.ends_with("_lif")) return "";
  return absl::StrCat("gradient_flow follows the error of rates, and ", type,
                      " gives spikes, whose error is a surrogate; look at a "
                      "layer of rate units or cells");
}

}  // namespace

TrainedAnalysisRow GradientFlowRow() {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries;
  TrainedAnalysisRow row = RowOfTrainedAnalysis<GradientFlow>(
      {.type = "gradient_flow",
       .summary = "how much of the gradient of the loss reaches earlier steps",
       .equation = "|dL/dh_t| and |dL/dc_t| against T - t, mean over trials",
       .reference = "doi:10.1109/72.279181",
       .parameters = FreshTrialParameters(),
       .outputs = {{"output_flow", summary, "1", "",
                    "|dL/dh| at the first step over that at the last"},
                   {"cell_flow", summary, "1", "", "the same of memory cells"},
                   {"output_gradient", series, "1", "steps_back",
                    "|dL/dh_t|, from the last step back"},
                   {"cell_gradient", series, "1", "steps_back",
                    "|dL/dc_t| of memory cells"}}});
  row.refusal = Refuse;
  return row;
}

}  // namespace engram
