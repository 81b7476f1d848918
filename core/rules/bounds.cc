#include "core/rules/bounds.h"

#include "absl/strings/str_cat.h"
#include "core/rules/catalog.h"
#include "core/rules/dale.h"

namespace engram {
namespace {

// A range without inside is refused.
void CheckRange(const Component& self, const Component&, Faults& faults) {
  const double lower = self.Real("w_min"), upper = self.Real("w_max");
  if (lower < upper) return;
  faults.push_back({0, absl::StrCat(self.path, ".w_max"),
                    absl::StrCat("w_max = ", upper, " is not above w_min = ",
                                 lower, "; make it larger")});
}

PartRow BoundsRow(std::string type, std::string summary, std::string equation,
                  std::string reference) {
  return {
      .spec = {
          .kind = Kind::kBounds,
          .type = std::move(type),
          .summary = std::move(summary),
          .equation = std::move(equation),
          .reference = std::move(reference),
          .parameters = {Real("w_min", "1", 0, -1e9, 1e9, "smallest weight"),
                         Real("w_max", "1", 1, -1e9, 1e9, "largest weight")},
          .check = CheckRange}};
}

}  // namespace

template <class Real>
Limits<Real> LimitsOf(const Component& rule, const RuleShape& shape) {
  Limits<Real> limits;
  if (const Component* bounds = rule.Find("bounds")) {
    limits.lower = static_cast<Real>(bounds->Real("w_min"));
    limits.upper = static_cast<Real>(bounds->Real("w_max"));
    limits.is_soft = bounds->type == "soft_bounds";
  }
  if (const Component* signs = rule.Find("signs")) {
    limits.has_signs = true;
    limits.first_inhibitory = FirstInhibitory(*signs, shape.n_pre);
  }
  return limits;
}

template Limits<float> LimitsOf(const Component&, const RuleShape&);
template Limits<double> LimitsOf(const Component&, const RuleShape&);

PartRow HardBoundsRow() {
  return BoundsRow("hard_bounds", "weights stop at their bounds",
                   "w <- min(max(w + dw, w_min), w_max)", "");
}

PartRow SoftBoundsRow() {
  return BoundsRow(
      "soft_bounds",
      "a change shrinks with the room that is left up to the bound it goes to",
      "dw > 0: w <- w + dw (w_max - w) / (w_max - w_min)\n"
      "dw < 0: w <- w + dw (w - w_min) / (w_max - w_min)",
      "Kistler and van Hemmen (2000), doi:10.1162/089976600300015844");
}

}  // namespace engram
