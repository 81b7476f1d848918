#include "core/networks/rate_rnn.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/base/statistics.h"
#include "core/networks/catalog.h"
#include "core/networks/product.h"
#include "core/networks/sparse_inputs.h"

namespace engram {
namespace {

Array<double> DrawWeights(int64_t units, double g_0,
                          const RandomStream& stream) {
  Array<double> w(units, units);
  if (g_0 == 0) return w;
  stream.FillNormal(0, w.span());
  const double scale = g_0 / std::sqrt(static_cast<double>(units));
  for (double& weight : w.span()) weight *= scale;
  for (int64_t i = 0; i < units; ++i) w(i, i) = 0;
  return w;
}

// The same on the inputs alone; unit i draws its own at step i.
Array<double> DrawSparseWeights(const Array<int32_t>& inputs, double g_0,
                                const RandomStream& stream) {
  Array<double> w(inputs.cols(), inputs.cols());
  const double scale = g_0 / std::sqrt(static_cast<double>(inputs.rows()));
  std::vector<double> drawn(static_cast<size_t>(inputs.rows()));
  for (int64_t i = 0; i < inputs.cols(); ++i) {
    stream.FillNormal(i, drawn);
    for (int64_t k = 0; k < inputs.rows(); ++k) {
      w(i, inputs(k, i)) = scale * drawn[static_cast<size_t>(k)];
    }
  }
  return w;
}

Array<int32_t> InputsOf(const Component& component, uint64_t seed,
                        Parallel& parallel) {
  if (component.type != "sparse_rate_rnn") return {};
  return DrawInputs(component.Integer("units"), component.Integer("in_degree"),
                    RandomStream(seed, component.path, "connectivity"),
                    parallel);
}

}  // namespace

RateRnn::RateRnn(const Component& component, uint64_t seed, Parallel& parallel)
    : parallel_(parallel),
      units_(component.Integer("units")),
      tau_(component.Real("tau")),
      dt_(component.Real("dt")),
      theta_(component.Real("theta")),
      gain_(1 / component.Real("t_phi")),
      w_inhibition_(component.Real("w_inhibition")),
      sigma_(component.Real("sigma")),
      inputs_(InputsOf(component, seed, parallel)) {
  const RandomStream stream(seed, component.path, "initial_weights");
  const double g_0 = component.Real("g_0");
  w0_ = inputs_.rows() > 0 ? DrawSparseWeights(inputs_, g_0, stream)
                           : DrawWeights(units_, g_0, stream);
}

void RateRnn::Reset(RateState& s) const {
  s.potential.Fill(0);
  math::Logistic(s.potential.padded(), theta_, gain_, s.rate.padded());
}

void RateRnn::Step(const Array<double>& w, std::span<const double> input,
                   const RandomStream& noise, int64_t step,
                   RateState& s) const {
  const double inhibition = w_inhibition_ / static_cast<double>(units_) *
                            statistics::Sum(s.rate.span());
  if (sigma_ > 0) noise.FillNormal(step, s.noise.span());
  parallel_.ForBlocks(units_, RowsPerBlock(units_),
                      [&](int64_t begin, int64_t end) {
                        StepRows(w, input, inhibition, begin, end, s);
                      });
  math::Logistic(s.potential.padded(), theta_, gain_, s.rate.padded());
}

void RateRnn::StepRows(const Array<double>& w, std::span<const double> input,
                       double inhibition, int64_t begin, int64_t end,
                       RateState& s) const {
  double* __restrict current = s.current.data();
  double* __restrict x = s.potential.data();
  const double* __restrict noise = s.noise.data();
  const double* __restrict external = input.data();
  for (int64_t i = begin; i < end; ++i) current[i] = external[i] - inhibition;
  AddProduct(w, s.rate.span(), begin, end, current);
  const double leak = dt_ / tau_;
  for (int64_t i = begin; i < end; ++i) x[i] += leak * (current[i] - x[i]);
  if (sigma_ == 0) return;
  const double size = sigma_ * std::sqrt(2 * leak);
  for (int64_t i = begin; i < end; ++i) x[i] += size * noise[i];
}

NetworkRow RateRnnRow() {
  ComponentSpec spec{
      .kind = Kind::kNetwork,
      .type = "rate_rnn",
      .summary =
          "random recurrent network of rate units with global "
          "inhibition",
      .equation =
          "tau dx_i/dt = -x_i + sum_j W_ij r_j - (w_inhibition/N) sum_j r_j + "
          "I_i + sigma sqrt(2 tau) xi_i\n"
          "r_i = 1 / (1 + exp(-(x_i - theta) / t_phi))\n"
          "W0_ij ~ N(0, g_0^2 / N), W0_ii = 0",
      .reference = "doi:10.1103/PhysRevLett.61.259",
      .parameters =
          {Integer("units", 100, 2, 10000, "number of units N"),
           Real("tau", "ms", 20, 0.1, 10000, "time constant of the potential"),
           Real("dt", "ms", 1, 0.001, 100, "Euler step; at most tau"),
           Real("theta", "1", 0.5, -100, 100, "potential at half the rate"),
           Real("t_phi", "1", 0.1, 1e-4, 100,
                "width of the gain function: a small one is a sharp threshold"),
           Real("w_inhibition", "1", 2, 0, 1000,
                "strength of the inhibition by the mean rate"),
           Real("sigma", "1", 0, 0, 10,
                "noise: standard deviation of an uncoupled potential"),
           Real("g_0", "1", 0.5, 0, 10,
                "strength of the random initial weights")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        if (self.Real("dt") <= self.Real("tau")) return;
        faults.push_back(
            {0, self.path + ".dt",
             "dt is longer than tau, where Euler steps are unstable; make it "
             "at most tau"});
      }};
  return {std::move(spec),
          [](const Component& component, uint64_t seed,
             Parallel& parallel) -> std::unique_ptr<RateNetwork> {
            return std::make_unique<RateRnn>(component, seed, parallel);
          }};
}

NetworkRow SparseRateRnnRow() {
  NetworkRow row = RateRnnRow();
  ComponentSpec& spec = row.spec;
  spec.type = "sparse_rate_rnn";
  spec.summary =
      "random recurrent network of rate units, each with the same number of "
      "inputs, and global inhibition";
  spec.equation =
      "as rate_rnn, with W_ij = 0 but for K inputs j of each unit i, and\n"
      "W0_ij ~ N(0, g_0^2 / K) on them";
  spec.parameters.push_back(
      Integer("in_degree", 50, 1, 10000,
              "inputs K of a unit, drawn at random from the others"));
  spec.check = [check = spec.check](const Component& self,
                                    const Component& root, Faults& faults) {
    check(self, root, faults);
    const int64_t units = self.Integer("units");
    if (self.Integer("in_degree") < units) return;
    faults.push_back({0, self.path + ".in_degree",
                      absl::StrCat("in_degree = ", self.Integer("in_degree"),
                                   " is more than the ", units - 1,
                                   " other units; make it less")});
  };
  return row;
}

}  // namespace engram
