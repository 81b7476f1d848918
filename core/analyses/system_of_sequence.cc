#include "core/analyses/system_of_sequence.h"

#include "core/analyses/catalog.h"
#include "core/base/contract.h"

namespace engram {

void SystemOfSequence::Run(const SequenceResults& results,
                           AnalysisOutput& out) const {
  ENGRAM_EXPECT(results.parallel != nullptr);
  const int64_t n = results.weights.rows();
  const Array<double> patterns = ItemPatterns(results.task, n);
  const SystemSubject subject{.dynamics = results.dynamics,
                              .weights = &results.weights,
                              .patterns = &patterns,
                              .task = &results.task,
                              .recall = &results.recall,
                              .seed = results.seed,
                              .parallel = results.parallel};
  const auto analysis = MakeSystemAnalysis(component_, results.seed, n);
  for (int64_t part = 0; part < analysis->parts(); ++part) {
    analysis->RunPart(subject, part);
  }
  analysis->Finish(subject, out);
}

Array<double> ItemPatterns(const SequenceTask& task, int64_t units) {
  Array<double> patterns(units, task.items());
  for (int64_t k = 0; k < task.items(); ++k) {
    for (int64_t unit : task.units_of(k)) patterns(unit, k) = 1;
  }
  return patterns;
}

}  // namespace engram
