#include "core/networks/chain_network.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

ChainNetwork::ChainNetwork(const Component& component, uint64_t seed)
    : units_(component.Integer("units")),
      dt_(component.Real("dt")),
      inhibition_(component.Real("inhibition")),
      probability_(component.Real("drive") / static_cast<double>(units_)),
      input_(seed, component.path, "input") {}

void ChainNetwork::Step(const Array<double>& w, int64_t step,
                        std::span<double> x, std::span<double> field,
                        std::span<double> input) const {
  ENGRAM_EXPECT(w.rows() == units_ && w.cols() == units_);
  input_.Fill(step, input);
  const double inhibition = inhibition_ * statistics::Sum(x);
  const size_t n = x.size();
  std::ranges::fill(field, 0.0);
  for (size_t j = 0; j < n; ++j) {
    if (x[j] == 0) continue;
    const std::span<const double> column = w.col(static_cast<int64_t>(j));
    for (size_t i = 0; i < n; ++i) field[i] += column[i];
  }
  for (size_t i = 0; i < n; ++i) {
    const double driven = input[i] < probability_ ? 1 : 0;
    x[i] = field[i] - inhibition + driven > 0 ? 1 : 0;
  }
}

ComponentSpec ChainNetworkSpec() {
  return {
      .kind = Kind::kNetwork,
      .type = "chain_network",
      .summary =
          "binary units under global inhibition and random input, a step "
          "a burst",
      .equation =
          "x_i(t) = Theta(sum_j W_ij x_j(t-1) - inhibition sum_j x_j(t-1) + "
          "b_i(t))\n"
          "b_i = 1 with probability drive / N",
      .reference = "doi:10.1016/j.neuron.2010.02.003",
      .parameters =
          {Integer("units", 50, 2, 5000, "number of units N"),
           Real("inhibition", "1", 0.25, 0, 1000,
                "beta: inhibition by each unit that was active"),
           Real("drive", "1", 2, 0, 5000,
                "p_n: units that get input in a step, on average; at most N"),
           Real("dt", "ms", 1, 0.001, 1000,
                "length of a step, by which a rule measures time")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        const int64_t units = self.Integer("units");
        if (self.Real("drive") <= static_cast<double>(units)) return;
        faults.push_back(
            {0, self.path + ".drive",
             absl::StrCat("there are only ", units,
                          " units to be driven; make it at most that")});
      }};
}

}  // namespace engram
