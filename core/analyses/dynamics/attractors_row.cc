#include <memory>

#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/attractors.h"

namespace engram {
namespace {

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Integer("starts", 200, 1, 100000, "random states that are followed"),
      Real("duration", "1", 200, 1, 100000,
           "for how long at most [time constants]"),
      Real("sigma", "1", 0, 0, 10,
           "noise of walkers: standard deviation of an uncoupled variable; 0: "
           "there are none"),
      Integer("walkers", 8, 1, 10000, "states that are led through the noise"),
      Real("walk", "1", 500, 1, 1e6, "for how long each [time constants]"),
      Real("look_every", "1", 5, 0.1, 10000,
           "time between looks at where they would settle [time constants]")};
  for (ParameterSpec& spec : BoxParameters(0)) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  return {
      {"attractors", summary, "1", "", "states in which starts settled"},
      {"largest_basin", summary, "1", "",
       "share of the starts that settled in the commonest"},
      {"basin_entropy", summary, "1", "",
       "-sum p log p over shares p of the starts [nats]"},
      {"unsettled", summary, "1", "", "share of the starts that kept moving"},
      {"transition_rate", summary, "1", "",
       "changes of attractor per walker and time constant"},
      {"looks_at_no_attractor", summary, "1", "",
       "share of the looks at which a walker would settle elsewhere or "
       "not at all"},
      {"attractor_states", array, "1", "", "(n, n_attractors)"},
      {"basins", array, "1", "", "share of the starts of each"},
      {"transitions", array, "1", "",
       "looks at one attractor that followed one at another (to, from)"},
      {"visited", array, "1", "",
       "attractor at each look (n_looks + 1, n_walkers), -1 for none"}};
}

}  // namespace

AnalysisRow AttractorsRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "attractors",
      .summary =
          "where a system settles, from how many of its states, and how "
          "noise moves it between attractors",
      .equation =
          "settled: |F(x)| < 1e-6\n"
          "walkers: x += h F(x) + sigma sqrt(2 h) N(0, 1), h = 0.05",
      .reference = "doi:10.1038/nphys2556",
      .parameters = Parameters(),
      .slots = {},
      .outputs = Outputs(),
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckBox(self, faults);
      }};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component& c, uint64_t seed,
                            int64_t n) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<Attractors>(c, seed, n);
          },
          .parts = [](const Component& c,
                      int64_t) { return Attractors::PartsOf(c); },
          .reads = {.dynamics = true},
          .state = {"ends", "settled", "walkers", "visited"}};
}

}  // namespace engram
