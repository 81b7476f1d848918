#include "core/spiking/connectivity/bounded.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr uint32_t kMostDraws = 1000000;

ParameterSpec Bound(std::string name, std::string meaning) {
  constexpr double kLargest = 1e12;
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.minimum = -kLargest;
  spec.maximum = kLargest;
  spec.is_optional = true;
  spec.has_unit_of_slot = true;
  spec.meaning = std::move(meaning);
  return spec;
}

}  // namespace

Bounded::Bounded(const Component& c)
    : low_(c.Has("low") ? c.Real("low") : -kInfinity),
      high_(c.Has("high") ? c.Real("high") : kInfinity),
      most_draws_(c.Text("outside") == "redraw" ? kMostDraws : 1) {}

std::vector<ParameterSpec> BoundParameters() {
  return {Bound("low", "smallest; without one there is no bound"),
          Bound("high", "largest; without one there is no bound"),
          Choice("outside", "clip", {"clip", "redraw"},
                 "numbers beyond a bound are put onto it, or drawn again")};
}

void CheckBounds(const Component& c, const Component&, Faults& faults) {
  if (!c.Has("low") || !c.Has("high") || c.Real("low") <= c.Real("high")) {
    return;
  }
  faults.push_back({0, absl::StrCat(c.path, ".high"),
                    absl::StrCat("high = ", c.Real("high"), " is below low = ",
                                 c.Real("low"), "; make it larger")});
}

}  // namespace engram
