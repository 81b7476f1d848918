// Golomb's chi. The program looks at the potentials while it runs.

#include "core/analyses/spiking/network_analysis.h"

namespace engram {

NetworkAnalysisRow PotentialSynchronyRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "potential_synchrony",
      .summary = "how much potentials move together",
      .equation = "chi^2 = var_t(mean_i v_i) / mean_i var_t(v_i)",
      .reference = "doi:10.1016/0167-2789(94)90214-3",
      .parameters = MeasureParameters(),
      .outputs = {{"chi", OutputKind::kSummary, "1", "",
                   "1 when all do the same, 1 / sqrt(n) for n independent "
                   "units"}},
      .check = CheckMeasure};
  spec.parameters.push_back(
      Real("every", "ms", 1, 0.001, 1e6, "from one look to the next"));
  return {.spec = std::move(spec), .make = nullptr};
}

}  // namespace engram
