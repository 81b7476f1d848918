#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/random.h"
#include "core/spiking/catalog.h"
#include "core/training/catalog.h"
#include "core/training/trained_network.h"

namespace engram {
namespace {

const Component* InitialOf(const Component& program, const std::string& name) {
  for (const Component& initial : program.Slots("initial")) {
    if (initial.Text("of") == name) return &initial;
  }
  return nullptr;
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

template <class Real>
void DrawParameters(const ParameterLayout& layout, const Component& program,
                    uint64_t seed, Real* parameters) {
  for (const ParameterMatrix& matrix : layout.matrices()) {
    const RandomStream random(seed, program.Slot("network").path,
                              absl::StrCat("initial ", matrix.name));
    const std::vector<double> drawn =
        Draw(matrix, InitialOf(program, matrix.name), random);
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
