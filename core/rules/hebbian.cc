#include "core/rules/hebbian.h"

#include <memory>

#include "core/rules/catalog.h"

namespace engram {

// eta (r_i r_j) in this order, so that w_ij and w_ji get the very same bits.
void Hebbian::UpdateTile(const Signals& s, WeightTile w) const {
  const double eta = eta_ * s.dt;
  const double* __restrict post = s.post.data();
  for (int64_t c = 0; c < w.cols; ++c) {
    const double pre = s.pre[static_cast<size_t>(w.first_pre + c)];
    double* __restrict weight = w.col(c);
    for (int64_t i = 0; i < w.rows; ++i) weight[i] += eta * (post[i] * pre);
  }
}

RuleRow HebbianRow() {
  ComponentSpec spec{
      .kind = Kind::kRule,
      .type = "hebbian",
      .summary =
          "Hebbian learning: weights grow between units that are active "
          "together",
      .equation = "dw_ij/dt = eta r_i r_j",
      .reference = "doi:10.1073/pnas.79.8.2554",
      .parameters = {LearningRate()},
      .slots = {},
      .outputs = {},
      .check = {}};
  return {std::move(spec), {}, [](const Component& c, int64_t, int64_t) {
            return std::unique_ptr<Rule>(new Hebbian(c.Real("eta")));
          }};
}

}  // namespace engram
