#include "core/training/initial.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/contract.h"
#include "core/base/random.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

// "layer_2" of "layer_2.bias"; empty in a network of one layer.
absl::string_view LayerOf(absl::string_view parameter) {
  const size_t dot = parameter.find('.');
  return dot == absl::string_view::npos ? "" : parameter.substr(0, dot);
}

bool IsOfReadout(absl::string_view parameter) {
  return absl::StartsWith(parameter, "readout_");
}

// How closely a name in an entry means a parameter; 0: not at all.
int Closeness(const std::string& named, const std::string& parameter) {
  if (named == parameter) return 3;
  if (named == LayerOf(parameter)) return 2;
  return named == (IsOfReadout(parameter) ? kReadout : kLayers) ? 1 : 0;
}

std::vector<std::string> NamesIn(const Component& entry) {
  if (entry.type == kStoredParameters) return entry.Texts("of");
  return {entry.Text("of")};
}

int Closeness(const Component& entry, const std::string& parameter) {
  int most = 0;
  for (const std::string& named : NamesIn(entry)) {
    most = std::max(most, Closeness(named, parameter));
  }
  return most;
}

// All that an entry may name.
std::vector<std::string> NamesFor(const Component& entry,
                                  const ParameterLayout& layout) {
  std::vector<std::string> names = layout.names();
  if (entry.type != kStoredParameters) return names;
  std::set<std::string> groups = {kLayers, kReadout};
  for (const std::string& name : names) {
    if (!LayerOf(name).empty()) groups.insert(std::string(LayerOf(name)));
  }
  names.insert(names.end(), groups.begin(), groups.end());
  return names;
}

void CheckNames(const Component& entry, const ParameterLayout& layout,
                Faults& faults) {
  if (NamesIn(entry).empty()) {
    faults.push_back({0, entry.path + ".of",
                      "of is empty, so nothing is taken; name parameters, or "
                      "[layers, readout] for all of them"});
  }
  const std::vector<std::string> known = NamesFor(entry, layout);
  for (const std::string& name : NamesIn(entry)) {
    if (std::ranges::find(known, name) != known.end()) continue;
    faults.push_back({0, entry.path + ".of",
                      absl::StrCat("the network has no parameter ", name,
                                   SuggestName(name, known))});
  }
}

double ScaleOf(const Component& initial, const ParameterMatrix& matrix) {
  if (initial.Text("scale") == "none") return 1;
  return 1 / std::sqrt(static_cast<double>(matrix.fan_in));
}

std::vector<double> Draw(const ParameterMatrix& matrix,
                         const Component* initial, const RandomStream& random) {
  std::vector<double> drawn(static_cast<size_t>(matrix.size()));
  if (initial == nullptr) {
    random.Fill(0, drawn);
    for (double& x : drawn) x = matrix.low + (matrix.high - matrix.low) * x;
  } else {
    MakeDistribution(initial->Slot("distribution"))->Fill(random, 0, drawn);
    const double scale = ScaleOf(*initial, matrix);
    for (double& x : drawn) x *= scale;
  }
  for (const ParameterMatrix::Shift& shift : matrix.shifts) {
    for (int64_t i = shift.begin; i < shift.end; ++i) {
      drawn[static_cast<size_t>(i)] += shift.by;
    }
  }
  return drawn;
}

}  // namespace

const Component* InitialOf(const Component& program, const std::string& name) {
  const Component* closest = nullptr;
  int most = 0;
  for (const Component& entry : program.Slots("initial")) {
    const int closeness = Closeness(entry, name);
    if (closeness <= most) continue;
    most = closeness;
    closest = &entry;
  }
  return closest;
}

void CheckInitial(const Component& program, const ParameterLayout& layout,
                  Faults& faults) {
  std::set<const Component*> refused;  // once each
  for (const Component& entry : program.Slots("initial")) {
    CheckNames(entry, layout, faults);
    for (const std::string& name : layout.names()) {
      const Component* other = InitialOf(program, name);
      if (other == nullptr || other == &entry ||
          Closeness(entry, name) < Closeness(*other, name)) {
        continue;
      }
      if (!refused.insert(&entry).second) continue;
      faults.push_back(
          {0, entry.path + ".of",
           absl::StrCat("how ", name, " begins is said twice, by ", other->path,
                        " as well; leave one of them out")});
    }
  }
}

template <class Real>
void DrawParameters(const ParameterLayout& layout, const Component& program,
                    uint64_t seed, Real* parameters) {
  for (const ParameterMatrix& matrix : layout.matrices()) {
    const RandomStream random(seed, program.Slot("network").path,
                              absl::StrCat("initial ", matrix.name));
    const Component* initial = InitialOf(program, matrix.name);
    // What is stored is taken once the run's inputs are read.
    if (initial != nullptr && initial->type == kStoredParameters) continue;
    const std::vector<double> drawn = Draw(matrix, initial, random);
    std::ranges::transform(drawn, parameters + matrix.offset,
                           [](double x) { return static_cast<Real>(x); });
  }
}

template void DrawParameters(const ParameterLayout&, const Component&, uint64_t,
                             float*);
template void DrawParameters(const ParameterLayout&, const Component&, uint64_t,
                             double*);

ComponentSpec InitialWeightsSpec() {
  return {.kind = Kind::kInitial,
          .type = "initial_weights",
          .summary =
              "how a parameter of a trained network is drawn at the "
              "start, in place of the network's own way",
          .equation = "w = scale x, x from the distribution",
          .parameters = {Text("of", "recurrent_weights",
                              "name of the parameter (recurrent_weights, tau)"),
                         Choice("scale", "none", {"none", "fan_in"},
                                "fan_in: numbers are divided by sqrt(inputs "
                                "of a unit)")},
          .slots = {{.name = "distribution",
                     .kind = Kind::kDistribution,
                     .meaning = "of the numbers"}}};
}

}  // namespace engram
