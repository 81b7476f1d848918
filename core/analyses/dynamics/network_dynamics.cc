#include "core/analyses/dynamics/network_dynamics.h"

#include "core/analyses/dynamics/rate_dynamics.h"

namespace engram {
namespace {

// A sparse network is this one with the weights 0 where there is no synapse;
// all its units feel the inhibition.
std::unique_ptr<Dynamics> OfRateRnn(const Component& network,
                                    const Array<double>& weights) {
  Array<double> tau(weights.rows());
  for (double& t : tau.span()) t = network.Real("tau");
  return std::make_unique<RateDynamics>(
      WithInhibition(weights, network.Real("w_inhibition")),
      Array<double>(weights.rows()), std::move(tau),
      GainFunction{.shape = GainShape::kLogistic,
                   .theta = network.Real("theta"),
                   .t = network.Real("t_phi")});
}

struct Row {
  std::string type;
  std::unique_ptr<Dynamics> (*make)(const Component& network,
                                    const Array<double>& weights);
};

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = {{"rate_rnn", OfRateRnn},
                                        {"sparse_rate_rnn", OfRateRnn}};
  return rows;
}

}  // namespace

std::unique_ptr<Dynamics> DynamicsOfNetwork(const Component& network,
                                            const Array<double>& weights) {
  for (const Row& row : Rows()) {
    if (row.type == network.type) return row.make(network, weights);
  }
  return nullptr;
}

const std::vector<std::string>& NetworksWithDynamics() {
  static const std::vector<std::string> types = [] {
    std::vector<std::string> names;
    for (const Row& row : Rows()) names.push_back(row.type);
    return names;
  }();
  return types;
}

}  // namespace engram
