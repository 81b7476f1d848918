#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/analyses/systems/catalog.h"
#include "core/analyses/systems/rate_parameters.h"

namespace engram {
namespace {

GainShape ShapeOf(const Component& c) {
  if (c.Text("gain_function") == "tanh") return GainShape::kTanh;
  if (c.Text("gain_function") == "erf") return GainShape::kErf;
  return GainShape::kLogistic;
}

int64_t SizeOf(const Component& c) {
  return static_cast<int64_t>(c.RealRows("coupling").size());
}

// A list of one value for each population, or of one for all.
Array<double> Each(const std::vector<double>& values, int64_t n) {
  Array<double> each(n);
  for (int64_t i = 0; i < n; ++i) {
    each[i] = values.empty()       ? 0.0
              : values.size() == 1 ? values[0]
                                   : values[static_cast<size_t>(i)];
  }
  return each;
}

absl::StatusOr<System> Make(const Component& c, const Inputs&) {
  const std::vector<std::vector<double>> rows = c.RealRows("coupling");
  const int64_t n = SizeOf(c);
  System system;
  system.weights = Array<double>(n, n);
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      system.weights(i, j) =
          rows[static_cast<size_t>(i)][static_cast<size_t>(j)];
    }
  }
  system.dynamics = std::make_unique<RateDynamics>(
      system.weights, Each(c.Reals("input"), n), Each(c.Reals("tau"), n),
      GainFunction{
          .shape = ShapeOf(c), .theta = c.Real("theta"), .t = c.Real("t_phi")});
  return system;
}

void Check(const Component& self, const Component&, Faults& faults) {
  const auto rows = self.RealRows("coupling");
  const size_t n = rows.size();
  const bool is_square = std::ranges::all_of(
      rows, [&](const auto& row) { return row.size() == n; });
  if (n == 0 || !is_square) {
    faults.push_back(
        {0, self.path + ".coupling",
         absl::StrCat("coupling is no square matrix: ", n, " rows of ",
                      n == 0 ? 0 : rows[0].size(), " numbers")});
  }
  for (const char* name : {"tau", "input"}) {
    const size_t given = self.Reals(name).size();
    if (given == n || given == 1 || (given == 0 && name[0] == 'i')) continue;
    faults.push_back({0, absl::StrCat(self.path, ".", name),
                      absl::StrCat(given, " values are given for ", n,
                                   " populations; give one for each, or one "
                                   "for all")});
  }
}

ParameterSpec Numbers(const char* name, const char* unit, Value::List values,
                      int rank, const char* meaning) {
  ParameterSpec spec;
  spec.name = name;
  spec.unit = unit;
  spec.list_rank = rank;
  spec.meaning = meaning;
  spec.default_value = Value(std::move(values));
  return spec;
}

std::vector<ParameterSpec> Parameters() {
  ParameterSpec coupling = Numbers("coupling", "1", {}, 2,
                                   "M, a row for each population it acts on");
  coupling.default_value.reset();
  ParameterSpec tau = Numbers("tau", "ms", {Value(20.0)}, 1,
                              "time constants, of each or of all");
  tau.minimum = 0.1;
  tau.maximum = 10000;
  return {coupling,
          tau,
          Numbers("input", "1", {}, 1, "constant input, to each or to all"),
          Choice("gain_function", "logistic", {"logistic", "tanh", "erf"},
                 "phi; the last is erf(u / sqrt 2)"),
          Real("theta", "1", 0, -100, 100, "shift of phi"),
          Real("t_phi", "1", 1, 1e-4, 100, "width of phi")};
}

}  // namespace

SystemRow RatePopulationsRow() {
  ComponentSpec spec{
      .kind = Kind::kSystem,
      .type = "rate_populations",
      .summary = "coupled populations of rate units, one variable each",
      .equation =
          "tau_i dx_i/dt = -x_i + sum_j M_ij phi(x_j) + I_i\n"
          "phi(x) = f((x - theta) / t_phi)",
      .reference = "doi:10.1016/S0006-3495(72)86068-5",
      .parameters = Parameters(),
      .slots = {},
      .outputs = {},
      .check = Check};
  return {.spec = std::move(spec),
          .make = Make,
          .size = SizeOf,
          .has_weights = [](const Component&) { return true; },
          .has_patterns = [](const Component&) { return false; }};
}

}  // namespace engram
