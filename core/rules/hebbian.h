#pragma once

#include "core/rules/rule.h"
#include "core/spec/component.h"

namespace engram {

// Hebb's rule on rates, and with sign -1 the anti-Hebbian rule:
//
//   dw_ij/dt = +-eta r_i r_j
//
//   r  (n_pre), (n_post)  rate    [1]
//   w  (n_post, n_pre)    weight  [1]
//
// Symmetric in i and j: it stores which units are active together and not in
// which order. Unbounded. Holds no trace.
//
// Source: Hebb (1949), The Organization of Behavior; Hopfield (1982),
// doi:10.1073/pnas.79.8.2554; with negative sign Hopfield, Feinstein, Palmer
// (1983), doi:10.1038/304158a0.
class Hebbian final : public Rule {
 public:
  explicit Hebbian(double signed_eta) : eta_(signed_eta) {}

  void UpdateTile(const Signals& s, WeightTile w) const override;
  void AdvanceTraces(const Signals&) override {}
  void VisitState(absl::string_view, StateVisitor&) override {}

 private:
  double eta_;  // learning rate with its sign [1/ms]
};

}  // namespace engram
