#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analyses/similarity/measures.h"
#include "core/programs/catalog.h"
#include "core/programs/solution_comparison.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC with AVX-512: one
// pair of recalls of 1000 steps.
constexpr double kPair = 0.2;  // [s]

Estimate EstimateSolutionComparison(const Component& root) {
  const ProgramRow row = SequenceLearningRow();
  Estimate sum{.seconds = 0,
               .memory_bytes = 0,
               .record_bytes = 0,
               .ticks = 0,
               .tick_name = "trial"};
  for (const Component& solution : root.Slots("solutions")) {
    const Estimate one = row.estimate(solution);
    sum.seconds += one.seconds;
    sum.memory_bytes += one.memory_bytes;
    sum.record_bytes += one.record_bytes;
    sum.ticks += one.ticks;
  }
  const double count = static_cast<double>(root.Slots("solutions").size());
  const double pairs = count * (count - 1) / 2;
  sum.seconds += kPair * pairs;
  sum.ticks += static_cast<int64_t>(pairs);
  return sum;
}

std::vector<std::string> ArraysOfSolutionComparison(const Component& root) {
  const ProgramRow row = SequenceLearningRow();
  std::vector<std::string> arrays = {"tick", "values", "known"};
  for (const Component& solution : root.Slots("solutions")) {
    for (const std::string& inside : row.arrays(solution)) {
      arrays.push_back(absl::StrCat(SolutionPath(solution), ".", inside));
    }
  }
  return arrays;
}

// Of a kind, and of the sizes that can be compared.
void CheckSolution(const Component& solution, const Component& first,
                   Faults& faults) {
  if (solution.type != "sequence_learning") {
    faults.push_back({0, solution.path,
                      absl::StrCat("solutions are those of "
                                   "sequence_learning, not of ",
                                   solution.type)});
    return;
  }
  const auto same = [&](const char* slot, const char* parameter) {
    const Component& mine = solution.Slot(slot);
    const Component& other = first.Slot(slot);
    if (!mine.Has(parameter) || !other.Has(parameter)) return;
    if (mine.Get(parameter) == other.Get(parameter)) return;
    faults.push_back({0, absl::StrCat(mine.path, ".", parameter),
                      absl::StrCat("differs from that of the first solution; "
                                   "solutions of one task and one size are "
                                   "compared")});
  };
  same("network", "units");
  same("network", "dt");
  same("task", "items");
  same("task", "units_per_item");
  same("task", "recall_duration");
  if (!solution.Slots("analyses").empty()) {
    faults.push_back({0, solution.path + ".analyses",
                      "a solution has no analyses of its own; run it as "
                      "sequence_learning for those"});
  }
}

void Check(const Component& self, const Component&, Faults& faults) {
  const std::vector<Component>& solutions = self.Slots("solutions");
  if (solutions.size() < 2) {
    faults.push_back({0, self.path + ".solutions",
                      absl::StrCat("there are ", solutions.size(),
                                   " solutions; it takes two to compare")});
  }
  for (const Component& solution : solutions) {
    CheckSolution(solution, solutions.front(), faults);
  }
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  std::vector<OutputSpec> outputs;
  for (const SimilarityMeasure& measure : kSimilarityMeasures) {
    outputs.push_back({measure.name, summary, "1", "", measure.meaning});
    outputs.push_back({absl::StrCat(measure.name, "_of_pairs"), array, "1", "",
                       "(n_solutions, n_solutions), 0 where undefined"});
  }
  outputs.push_back({"families", summary, "1", "",
                     "different solutions: groups joined by pairs whose "
                     "blocks correlate at least by same_above"});
  outputs.push_back(
      {"largest_family", summary, "1", "", "solutions in the largest group"});
  outputs.push_back({"family", array, "1", "", "group of each solution"});
  return outputs;
}

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Integer("seed_step", 0, 0, 1000000,
              "solution k has the run's seed plus k times this"),
      Real("same_above", "1", 0.95, -1, 1,
           "blocks that correlate at least so are one solution")};
  for (ParameterSpec& spec : EmbeddingParameters()) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

}  // namespace

ProgramRow SolutionComparisonRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "solution_comparison",
      .summary =
          "how alike the solutions are that several rules, or seeds, "
          "find for one task; values are means over pairs",
      .equation =
          "cka = |Y'X|_F^2 / (|X'X|_F |Y'Y|_F)\n"
          "procrustes_distance = sqrt(|X|^2 + |Y|^2 - 2 |X'Y|_*), |X| = |Y| "
          "= 1\n"
          "dynamical_distance = min |A - C B C'|_F over orthogonal C, with "
          "x_(t+1) = A x_t",
      .reference = "doi:10.48550/arXiv.2306.10168",
      .parameters = Parameters(),
      .slots = {{.name = "solutions",
                 .kind = Kind::kProgram,
                 .many = true,
                 .optional = true,
                 .default_type = "",
                 .meaning = "what is trained: two or more sequence_learning"}},
      .outputs = Outputs(),
      .check = Check};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<SolutionComparison>(root, seed, context);
          },
          EstimateSolutionComparison, ArraysOfSolutionComparison};
}

}  // namespace engram
