#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/phase_plane.h"
#include "core/analyses/systems/catalog.h"

namespace engram {
namespace {

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Choice("axes", "units", {"units", "patterns", "principal"},
             "two variables, shares of two stored patterns, or the leading "
             "principal components of trajectories"),
      Integer("first", 1, 1, 100000, "variable or pattern of the first axis"),
      Integer("second", 2, 1, 100000, "and of the second"),
      Integer("grid", 81, 3, 2000, "points of the grid along an axis"),
      Integer("trajectories", 12, 1, 10000, "trajectories that are shown"),
      Real("duration", "1", 10, 0.1, 10000,
           "of each trajectory [time constants]")};
  for (ParameterSpec& spec : BoxParameters(0)) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  return {{"crossings", summary, "1", "",
           "points on the plane where both nullclines meet"},
          {"off_plane", summary, "1", "",
           "mean share of |F|^2 that leaves the plane: 0 for two variables"},
          {"axis", array, "1", "", "the grid, along either axis"},
          {"velocity_1", array, "1", "",
           "along the first axis (n_grid, n_grid): rows are places on it"},
          {"velocity_2", array, "1", "", "along the second axis"},
          {"nullcline_1", array, "1", "",
           "where velocity_1 is 0, lines one behind the other (2, n_points)"},
          {"nullcline_1_begins", array, "1", "", "first point of each line"},
          {"nullcline_2", array, "1", "", "where velocity_2 is 0"},
          {"nullcline_2_begins", array, "1", "", "first point of each line"},
          {"crossing_points", array, "1", "", "(2, n_crossings)"},
          {"trajectories", array, "1", "",
           "ten points a time constant (n_points, 2 n_trajectories): both "
           "coordinates of the first, of the second, ..."},
          {"plane_origin", array, "1", "", "state at (0, 0)"},
          {"plane_axes", array, "1", "", "(n, 2)"}};
}

// Variables and patterns of what is looked at, where the tree tells.
struct Sizes {
  std::optional<int64_t> variables, patterns;
};

Sizes SizesOf(const Component& root) {
  if (const auto system = root.slots.find("system");
      system != root.slots.end() && !system->second.empty()) {
    const Component& component = system->second.front();
    const SystemRow& row = SystemRowOf(component);
    if (!row.has_patterns(component)) return {row.size(component), 0};
    return {row.size(component), component.Integer("pattern_count")};
  }
  Sizes sizes;
  const auto network = root.slots.find("network");
  if (network != root.slots.end() && network->second.front().Has("units")) {
    sizes.variables = network->second.front().Integer("units");
  }
  const auto task = root.slots.find("task");
  if (task != root.slots.end() && task->second.front().Has("items")) {
    sizes.patterns = task->second.front().Integer("items");
  }
  return sizes;
}

void Check(const Component& self, const Component& root, Faults& faults) {
  CheckBox(self, faults);
  const Sizes sizes = SizesOf(root);
  const std::string& axes = self.Text("axes");
  if (sizes.variables && *sizes.variables < 2) {
    faults.push_back(
        {0, self.path, "a plane takes two variables, and the system has one"});
  }
  if (axes == "principal") return;
  const std::optional<int64_t> count =
      axes == "units" ? sizes.variables : sizes.patterns;
  if (self.Integer("first") == self.Integer("second")) {
    faults.push_back({0, self.path + ".second",
                      "both axes are the same; choose another one"});
  }
  if (count && axes == "patterns" && *count == 0) {
    faults.push_back(
        {0, self.path + ".axes",
         "the system has no patterns; record snapshots: {task.patterns: "
         "[final]} in the run and give them to a stored_network, or choose "
         "axes: units or principal"});
    return;
  }
  for (const char* name : {"first", "second"}) {
    if (!count || self.Integer(name) <= *count) continue;
    faults.push_back(
        {0, absl::StrCat(self.path, ".", name),
         absl::StrCat(name, " = ", self.Integer(name), ", and the ",
                      "system has ", *count, " ", axes)});
  }
}

}  // namespace

AnalysisRow PhasePlaneRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "phase_plane",
      .summary =
          "velocities, nullclines and trajectories on a plane through a "
          "system's states",
      .equation =
          "x = origin + a u + b v; nullcline_1: da/dt = 0, nullcline_2: db/dt "
          "= 0",
      .reference = "doi:10.1145/37402.37422",
      .parameters = Parameters(),
      .slots = {},
      .outputs = Outputs(),
      .check = Check};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component& c, uint64_t seed,
                            int64_t n) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<PhasePlane>(c, seed, n);
          },
          .reads = {.dynamics = true},
          .state = {"velocity_1", "velocity_2", "off_plane", "trajectories",
                    "plane_states"}};
}

}  // namespace engram
