#include <memory>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/fixed_points.h"

namespace engram {
namespace {

ParameterSpec ExpectedPoints(const char* name, const char* meaning) {
  ParameterSpec spec;
  spec.name = name;
  spec.type = ParameterType::kReal;
  spec.unit = "1";
  spec.default_value = Value(Value::List{});
  spec.list_rank = 2;
  spec.meaning = meaning;
  return spec;
}

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = BoxParameters(10);
  parameters.insert(
      parameters.begin(),
      Integer("starts", 200, 1, 100000, "states from which it is searched"));
  parameters.push_back(ExpectedPoints(
      "expected_points", "published fixed points, to compare with"));
  parameters.push_back(
      ExpectedPoints("expected_stable", "those of them that are stable"));
  return parameters;
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  return {{"fixed_points", summary, "1", "", "different states with q < 1e-10"},
          {"stable_points", summary, "1", "",
           "fixed points whose eigenvalues all have negative real parts; of a "
           "map, are all below 1 in size"},
          {"slow_points", summary, "1", "",
           "local minima of q between 1e-10 and 1e-4"},
          {"largest_unstable_dimension", summary, "1", "",
           "most eigenvalues with positive real part at a fixed point"},
          {"searches_at_fixed_points", summary, "1", "",
           "share of the searches that ended at a fixed point"},
          {"leading_real", summary, "1", "",
           "real part of the leading eigenvalue of the first stable point"},
          {"leading_imaginary", summary, "1", "",
           "its imaginary part, not below 0"},
          {"point_error", summary, "1", "",
           "largest distance of an expected point from the nearest one found"},
          {"stable_point_error", summary, "1", "",
           "the same for expected_stable and stable points"},
          {"points", array, "1", "",
           "fixed points, stable ones first, then slow points (n, n_points)"},
          {"point_eigenvalues_real", array, "1", "",
           "of the Jacobian there, per time constant; of a map, of what a step "
           "multiplies by (n, n_points)"},
          {"point_eigenvalues_imaginary", array, "1", "", "(n, n_points)"},
          {"point_q", array, "1", "", "q at each point"},
          {"point_unstable_dimension", array, "1", "",
           "eigenvalues with positive real part"},
          {"point_is_slow", array, "1", "", "1 for a slow point"},
          {"point_starts", array, "1", "", "searches that ended there"}};
}

void Check(const Component& self, const Component&, Faults& faults) {
  CheckBox(self, faults);
}

}  // namespace

AnalysisRow FixedPointsRow() {
  std::vector<std::string> state = {"points", "q",    "damping",   "iterations",
                                    "kind",   "real", "imaginary", "unstable"};
  for (std::string& name : EigenvalueSearch::StateNames("eigenvalues")) {
    state.push_back(std::move(name));
  }
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "fixed_points",
      .summary =
          "states at which a system stays or hardly moves, and their "
          "stability",
      .equation =
          "q(x) = |F(x)|^2 / 2, T dx/dt = F(x)\n"
          "fixed: q < 1e-10; slow: a local minimum with q < 1e-4\n"
          "stable: every eigenvalue of dF/dx has a negative real part",
      .reference = "doi:10.1162/NECO_a_00409",
      .parameters = Parameters(),
      .slots = {},
      .outputs = Outputs(),
      .check = Check};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component& c, uint64_t seed,
                            int64_t n) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<FixedPoints>(c, seed, n);
          },
          .parts = FixedPoints::PartsOf,
          .reads = {.dynamics = true},
          .state = std::move(state)};
}

}  // namespace engram
