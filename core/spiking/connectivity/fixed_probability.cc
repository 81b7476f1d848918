// Each ordered pair of units is connected with the same probability,
// independently of the others: the gaps between the targets of a unit are
// geometric, gap = floor(log U / log(1 - p)), so a row costs its synapses and
// not its pairs.

#include <cmath>
#include <vector>

#include "core/base/geometric.h"
#include "core/base/math.h"
#include "core/base/random.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

constexpr size_t kChunk = 256;  // uniform numbers drawn at once

class FixedProbability final : public Connectivity {
 public:
  FixedProbability(const Component& c, const ConnectivityShape& shape)
      : p_(c.Real("p")),
        per_log_(p_ < 1 ? 1 / LogOfSilence(p_) : 0),
        skips_itself_(shape.is_recurrent && !c.Boolean("autapses")),
        n_post_(shape.n_post),
        random_(shape.seed, c.path, "pairs") {}

  void Row(int64_t row, std::vector<int32_t>& units) const override {
    units.clear();
    if (p_ >= 1) {
      for (int64_t i = 0; i < n_post_; ++i) Add(row, i, units);
      return;
    }
    if (!(p_ > 0)) return;
    // Chunks of a row are told apart by the draw, which Fill does not have, so
    // they are steps of their own.
    double uniform[kChunk];
    int64_t at = -1;
    for (int64_t chunk = 0;; ++chunk) {
      random_.Fill((row << 20) + chunk, uniform);
      math::Log(uniform, uniform);
      for (const double log_u : uniform) {
        const double gap = std::floor(log_u * per_log_);
        if (gap >= static_cast<double>(n_post_ - at - 1)) return;
        at += 1 + static_cast<int64_t>(gap);
        Add(row, at, units);
      }
    }
  }

 private:
  void Add(int64_t row, int64_t unit, std::vector<int32_t>& units) const {
    if (skips_itself_ && unit == row) return;
    units.push_back(static_cast<int32_t>(unit));
  }

  double p_;
  double per_log_;  // 1 / log(1 - p)
  bool skips_itself_;
  int64_t n_post_;
  RandomStream random_;
};

double MeanSynapses(const Component& c, const ConnectivityShape& shape) {
  const double pairs =
      static_cast<double>(shape.n_pre) * static_cast<double>(shape.n_post);
  const bool skips = shape.is_recurrent && !c.Boolean("autapses");
  return c.Real("p") * (pairs - (skips ? static_cast<double>(shape.n_pre) : 0));
}

}  // namespace

ConnectivityRow FixedProbabilityRow() {
  return {.spec = {.kind = Kind::kConnectivity,
                   .type = "fixed_probability",
                   .summary = "each ordered pair of units with the same "
                              "probability, independently",
                   .equation = "P(j -> i) = p",
                   .reference = "",
                   .parameters = {Real("p", "1", 0.1, 0, 1,
                                       "probability of a pair"),
                                  Boolean("autapses", true,
                                          "whether a unit may have a synapse "
                                          "onto itself")}},
          .make = [](const Component& c, const ConnectivityShape& shape)
              -> std::unique_ptr<Connectivity> {
            return std::make_unique<FixedProbability>(c, shape);
          },
          .synapses = MeanSynapses};
}

}  // namespace engram
