#include "core/analyses/training/catalog.h"
#include "core/analyses/training/ei_tuning.h"

namespace engram {
namespace {

template <class Real>
class EiTuning final : public TrainedAnalysis<Real> {
 public:
  explicit EiTuning(const TrainedSubject& subject)
      : analysis_(subject.analysis) {}
  void Finish(const TrainedState<Real>& trained, AnalysisOutput& out) override {
    RunEiTuning(trained, analysis_, out);
  }

 private:
  const Component& analysis_;
};

}  // namespace

TrainedAnalysisRow EiTuningRow() {
  TrainedAnalysisRow row = RowOfTrainedAnalysis<EiTuning>(EiTuningSpec());
  row.refusal = [](const Component&, const Component& root) {
    return RefuseEiTuning(root);
  };
  return row;
}

}  // namespace engram
