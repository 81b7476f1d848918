#include "core/rules/hebbian.h"

#include <memory>

#include "core/rules/catalog.h"

namespace engram {
namespace {

template <class Real>
std::unique_ptr<Rule<Real>> MakeHebbian(const Component& c, const RuleShape&) {
  return std::make_unique<Hebbian<Real>>(c.Real("eta"));
}

template <class Real>
std::unique_ptr<Rule<Real>> MakeAntiHebbian(const Component& c,
                                            const RuleShape&) {
  return std::make_unique<Hebbian<Real>>(-c.Real("eta"));
}

}  // namespace

RuleRow HebbianRow() {
  return {
      .spec = RuleSpec(
          {.type = "hebbian",
           .summary = "Hebbian learning: weights grow between units that are "
                      "active together",
           .equation = "dw_ij/dt = eta r_i r_j",
           .reference = "doi:10.1073/pnas.79.8.2554",
           .parameters = {LearningRate()}}),
      .reads = {Signal::kRates},
      .make_single = MakeHebbian<float>,
      .make_double = MakeHebbian<double>};
}

RuleRow AntiHebbianRow() {
  return {
      .spec = RuleSpec(
          {.type = "anti_hebbian",
           .summary = "anti-Hebbian learning: weights fall between units that "
                      "are active together",
           .equation = "dw_ij/dt = -eta r_i r_j",
           .reference = "doi:10.1038/304158a0",
           .parameters = {LearningRate()}}),
      .reads = {Signal::kRates},
      .make_single = MakeAntiHebbian<float>,
      .make_double = MakeAntiHebbian<double>};
}

}  // namespace engram
