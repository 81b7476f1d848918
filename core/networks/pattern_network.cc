#include "core/networks/pattern_network.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/base/statistics.h"
#include "core/networks/product.h"
#include "core/networks/sparse_inputs.h"

namespace engram {
namespace {

Array<double> DrawPatterns(const Component& component, uint64_t seed) {
  Array<double> patterns(component.Integer("units"),
                         component.Integer("patterns"));
  const RandomStream stream(seed, component.path, "patterns");
  const size_t units = static_cast<size_t>(patterns.rows());
  for (int64_t mu = 0; mu < patterns.cols(); ++mu) {
    stream.FillNormal(
        mu, patterns.span().subspan(static_cast<size_t>(mu) * units, units));
  }
  return patterns;
}

// (1/N) x_mu . y for every column x_mu of the patterns; a column is summed by
// one thread, in the order of `statistics`.
void Project(const Array<double>& patterns, std::span<const double> y,
             Parallel& parallel, double* out) {
  const double n = static_cast<double>(patterns.rows());
  parallel.ForBlocks(patterns.cols(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t mu = begin; mu < end; ++mu) {
      out[mu] = statistics::Dot(patterns.col(mu), y) / n;
    }
  });
}

}  // namespace

PatternNetwork::PatternNetwork(const Component& component, uint64_t seed,
                               Parallel& parallel)
    : parallel_(parallel),
      tau_(component.Real("tau")),
      dt_(component.Real("dt")),
      strength_(component.Real("strength")),
      gain_width_(component.Real("gain_width")),
      sigma_(component.Real("sigma")),
      patterns_(DrawPatterns(component, seed)) {
  const int64_t in_degree = component.Integer("in_degree");
  if (in_degree == 0) return;
  inputs_ =
      DrawInputs(units(), in_degree,
                 RandomStream(seed, component.path, "connectivity"), parallel);
  weights_ = Array<double>(in_degree, units());
  FillWeights();
}

void PatternNetwork::FillWeights() {
  const int64_t in_degree = inputs_.rows();
  const double scale = strength_ / static_cast<double>(in_degree);
  parallel_.ForBlocks(
      units(), RowsPerBlock(in_degree), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          for (int64_t k = 0; k < in_degree; ++k) {
            const int64_t j = inputs_(k, i);
            double sum = 0;
            for (int64_t mu = 0; mu + 1 < patterns_.cols(); ++mu) {
              sum += patterns_(i, mu + 1) * patterns_(j, mu);
            }
            weights_(k, i) = scale * sum;
          }
        }
      });
}

void PatternNetwork::Reset(int64_t pattern, PatternState& s) const {
  ENGRAM_EXPECT(pattern >= 0 && pattern < patterns_.cols());
  std::ranges::copy(patterns_.col(pattern), s.potential.data());
}

void PatternNetwork::Step(const RandomStream& noise, int64_t step,
                          PatternState& s) const {
  const std::span<double> h = s.potential.padded(), phi = s.rate.padded();
  const double scale = 1 / (std::sqrt(2.0) * gain_width_);
  for (size_t i = 0; i < h.size(); ++i) phi[i] = scale * h[i];
  math::Erf(phi, phi);
  if (sigma_ > 0) noise.FillNormal(step, s.noise.span());
  const bool is_sparse = inputs_.rows() > 0;
  if (!is_sparse) {
    Project(patterns_, s.rate.span(), parallel_, s.projection.data());
  }
  const int64_t cols = is_sparse ? inputs_.rows() : patterns_.cols();
  parallel_.ForBlocks(
      units(), RowsPerBlock(cols),
      [&](int64_t begin, int64_t end) { StepRows(begin, end, s); });
}

void PatternNetwork::StepRows(int64_t begin, int64_t end,
                              PatternState& s) const {
  double* __restrict current = s.current.data();
  double* __restrict h = s.potential.data();
  const double* __restrict noise = s.noise.data();
  for (int64_t i = begin; i < end; ++i) current[i] = 0;
  if (inputs_.rows() > 0) {
    AddSparseProduct(inputs_, weights_, s.rate.span(), begin, end, current);
  } else {
    for (int64_t mu = 0; mu + 1 < patterns_.cols(); ++mu) {
      const double* __restrict next = patterns_.col(mu + 1).data();
      const double drive = strength_ * s.projection[mu];
      for (int64_t i = begin; i < end; ++i) current[i] += drive * next[i];
    }
  }
  const double leak = dt_ / tau_;
  for (int64_t i = begin; i < end; ++i) h[i] += leak * (current[i] - h[i]);
  if (sigma_ == 0) return;
  const double size = sigma_ * std::sqrt(2 * leak);
  for (int64_t i = begin; i < end; ++i) h[i] += size * noise[i];
}

void PatternNetwork::Overlaps(std::span<const double> h,
                              std::span<double> kappa) const {
  ENGRAM_EXPECT(static_cast<int64_t>(kappa.size()) == patterns_.cols());
  Project(patterns_, h, parallel_, kappa.data());
}

namespace {

void CheckPatternNetwork(const Component& self, const Component&,
                         Faults& faults) {
  if (self.Real("dt") > self.Real("tau")) {
    faults.push_back({0, self.path + ".dt",
                      "dt is longer than tau, where Euler steps are unstable; "
                      "make it at most tau"});
  }
  if (self.Integer("in_degree") < self.Integer("units")) return;
  faults.push_back(
      {0, self.path + ".in_degree",
       absl::StrCat("in_degree = ", self.Integer("in_degree"),
                    " is more than the ", self.Integer("units") - 1,
                    " other units; make it less, or 0 for all")});
}

}  // namespace

ComponentSpec PatternNetworkSpec() {
  return {
      .kind = Kind::kNetwork,
      .type = "pattern_network",
      .summary =
          "rate network whose weights store a sequence of overlapping "
          "Gaussian patterns",
      .equation =
          "tau dh_i/dt = -h_i + sum_j W_ij phi(h_j) + sigma sqrt(2 tau) xi_i\n"
          "W_ij = (strength / K) c_ij sum_mu xi_i^(mu+1) xi_j^mu\n"
          "phi(h) = erf(h / (sqrt(2) gain_width))",
      .reference = "doi:10.1073/pnas.1918674117",
      .parameters =
          {Integer("units", 4000, 2, 200000, "number of units N"),
           Integer("patterns", 16, 2, 10000, "patterns P of the sequence"),
           Real("strength", "1", 1, 0, 1000, "size A of the weights"),
           Real("gain_width", "1", 0.5, 1e-3, 1000,
                "width s of the gain function"),
           Real("tau", "ms", 10, 0.1, 10000, "time constant of the potential"),
           Real("dt", "ms", 0.5, 0.001, 100, "Euler step; at most tau"),
           Integer("in_degree", 0, 0, 100000,
                   "inputs K of a unit, drawn at random; 0: all N"),
           Real("sigma", "1", 0, 0, 10,
                "noise: standard deviation of an uncoupled potential")},
      .slots = {},
      .outputs = {},
      .check = CheckPatternNetwork};
}

}  // namespace engram
