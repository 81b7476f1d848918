#include "core/analyses/training/catalog.h"

#include <algorithm>
#include <set>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/find_row.h"

namespace engram {
namespace {

template <class Real>
std::unique_ptr<TrainedAnalysis<Real>> Make(const TrainedSubject& subject) {
  const TrainedAnalysisRow& row =
      RowOf(TrainedAnalysisRows(), subject.analysis.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(subject);
  } else {
    return row.make_double(subject);
  }
}

}  // namespace

const std::vector<TrainedAnalysisRow>& TrainedAnalysisRows() {
  static const std::vector<TrainedAnalysisRow> rows = {
      AblationRow(),          ActivityDimensionalityRow(), EiTuningRow(),
      GateStatisticsRow(),    GeneralisationRow(),         GradientFlowRow(),
      NetworkTimescalesRow(), PerturbationRow(),           RetrainingRow(),
      TimeConstantsRow(),
  };
  return rows;
}

template <class Real>
std::vector<double> ParameterOf(const TrainedState<Real>& trained,
                                const std::string& name) {
  const ParameterMatrix* matrix = trained.network.layout().Find(name);
  if (matrix == nullptr) return {};
  const Real* values = trained.parameters + matrix->offset;
  return std::vector<double>(values, values + matrix->size());
}
template std::vector<double> ParameterOf(const TrainedState<float>&,
                                         const std::string&);
template std::vector<double> ParameterOf(const TrainedState<double>&,
                                         const std::string&);

void CheckTrainedAnalyses(const Component& root, Faults& faults) {
  std::set<std::string> seen;
  for (const Component& analysis : root.Slots("analyses")) {
    const std::string refusal =
        RowOf(TrainedAnalysisRows(), analysis.type).refusal(analysis, root);
    if (!refusal.empty()) faults.push_back({0, analysis.path, refusal});
    if (seen.insert(StatePathOfTrained(analysis)).second) continue;
    faults.push_back({0, analysis.path,
                      absl::StrCat("a second ", analysis.type,
                                   " writes under the same name; give each "
                                   "a name of its own")});
  }
}

std::string StatePathOfTrained(const Component& analysis) {
  return absl::StrCat("analyses.",
                      analysis.name.empty() ? analysis.type : analysis.name);
}

std::vector<std::string> ArraysOfTrainedAnalyses(const Component& root) {
  std::vector<std::string> paths;
  for (const Component& analysis : root.Slots("analyses")) {
    for (const std::string& name :
         RowOf(TrainedAnalysisRows(), analysis.type).state(analysis, root)) {
      paths.push_back(absl::StrCat(StatePathOfTrained(analysis), ".", name));
    }
  }
  return paths;
}

int64_t PartsOfTrainedAnalyses(const Component& root) {
  int64_t parts = 0;
  for (const Component& analysis : root.Slots("analyses")) {
    parts += RowOf(TrainedAnalysisRows(), analysis.type).parts(analysis, root);
  }
  return parts;
}

template <class Real>
TrainedAnalyses<Real>::TrainedAnalyses(const Component& root,
                                       const TrainedNetwork<Real>& network,
                                       uint64_t seed, Parallel& parallel) {
  for (const Component& analysis : root.Slots("analyses")) {
    const int64_t begin = parts_;
    parts_ += RowOf(TrainedAnalysisRows(), analysis.type).parts(analysis, root);
    ENGRAM_EXPECT(parts_ > begin);
    entries_.push_back({&analysis, begin, parts_,
                        Make<Real>({.analysis = analysis,
                                    .root = root,
                                    .units = network.last().units(),
                                    .state_size = network.state_size(),
                                    .parameters = network.layout().size(),
                                    .seed = seed,
                                    .parallel = parallel})});
  }
}

template <class Real>
void TrainedAnalyses<Real>::RunPart(const TrainedState<Real>& trained,
                                    int64_t part, Recorder& out) {
  for (const Entry& entry : entries_) {
    if (part < entry.begin || part >= entry.end) continue;
    entry.analysis->RunPart(trained, part - entry.begin);
    if (part + 1 < entry.end) return;
    AnalysisOutput output(*entry.component, out);
    entry.analysis->Finish(trained, output);
    return;
  }
}

template <class Real>
void TrainedAnalyses<Real>::VisitState(StateVisitor& v) {
  for (const Entry& entry : entries_) {
    entry.analysis->VisitState(StatePathOfTrained(*entry.component), v);
  }
}

template class TrainedAnalyses<float>;
template class TrainedAnalyses<double>;

}  // namespace engram
