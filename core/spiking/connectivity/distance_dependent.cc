// Units lie evenly spaced on a ring, a grid or a torus, and a pair at distance
// d is connected with probability p k(d), k(0) = 1, independently of the
// others:
//
//   gaussian     k(d) = exp(-d^2 / (2 sigma^2))
//   exponential  k(d) = exp(-d / sigma)
//
// Candidates have geometric gaps of probability p, of which k(d) are kept, so a
// row costs p times its pairs.

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "core/base/geometric.h"
#include "core/base/math.h"
#include "core/base/random.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

constexpr size_t kChunk = 256;  // candidates looked at at once

struct Position {
  double x = 0, y = 0;
};

// Where the units of one side lie. The sheet has as many columns as a square of
// so many units would have, the last row may not be full.
class Layout {
 public:
  Layout(const Component& c, int64_t units)
      : is_ring_(c.Text("layout") == "ring"),
        extent_(c.Real("extent")),
        columns_(is_ring_ ? units
                          : static_cast<int64_t>(std::ceil(
                                std::sqrt(static_cast<double>(units))))),
        rows_((units + columns_ - 1) / columns_) {}

  Position Of(int64_t unit) const {
    const int64_t row = unit / columns_, column = unit % columns_;
    return {extent_ * (static_cast<double>(column) + 0.5) /
                static_cast<double>(columns_),
            is_ring_ ? 0
                     : extent_ * (static_cast<double>(row) + 0.5) /
                           static_cast<double>(rows_)};
  }

 private:
  bool is_ring_;
  double extent_;  // [mm]
  int64_t columns_, rows_;
};

class Kernel {
 public:
  explicit Kernel(const Component& c)
      : is_closed_(c.Text("layout") != "grid"),
        is_gaussian_(c.Text("kernel") == "gaussian"),
        extent_(c.Real("extent")),
        sigma_(c.Real("sigma")) {}

  // log k of the distance between two places.
  double Log(Position a, Position b) const {
    const double dx = Along(a.x - b.x), dy = Along(a.y - b.y);
    const double square = (dx * dx + dy * dy) / (sigma_ * sigma_);
    return is_gaussian_ ? -0.5 * square : -std::sqrt(square);
  }

 private:
  // On a ring or torus the way round may be shorter.
  double Along(double difference) const {
    const double d = std::abs(difference);
    return is_closed_ && d > 0.5 * extent_ ? extent_ - d : d;
  }

  bool is_closed_;
  bool is_gaussian_;
  double extent_, sigma_;  // [mm]
};

class DistanceDependent final : public Connectivity {
 public:
  DistanceDependent(const Component& c, const ConnectivityShape& shape)
      : p_(c.Real("p")),
        per_log_(p_ < 1 ? 1 / LogOfSilence(p_) : 0),
        skips_itself_(shape.is_recurrent && !c.Boolean("autapses")),
        n_post_(shape.n_post),
        pre_(c, shape.n_pre),
        post_(c, shape.n_post),
        kernel_(c),
        random_(shape.seed, c.path, "pairs") {}

  void Row(int64_t row, std::vector<int32_t>& units) const override {
    units.clear();
    if (!(p_ > 0)) return;
    int64_t at = -1;
    for (int64_t chunk = 0; at < n_post_; ++chunk) {
      // The first half spaces the candidates, the second thins them out.
      std::array<double, 2 * kChunk> uniform;
      random_.Fill((row << 24) + chunk, uniform);
      const std::span<double> gaps(uniform.data(), kChunk);
      const std::span<double> chances(uniform.data() + kChunk, kChunk);
      std::array<int64_t, kChunk> candidates;
      const size_t count = Candidates(gaps, at, candidates);
      Keep(row, std::span(candidates).first(count), chances, units);
    }
  }

 private:
  // The next candidates behind `at`, which moves on; n_post_ at the row's end.
  size_t Candidates(std::span<double> gaps, int64_t& at,
                    std::span<int64_t> candidates) const {
    math::Log(gaps, gaps);
    for (size_t k = 0; k < gaps.size(); ++k) {
      const double gap = p_ < 1 ? std::floor(gaps[k] * per_log_) : 0;
      if (gap >= static_cast<double>(n_post_ - at - 1)) {
        at = n_post_;
        return k;
      }
      at += 1 + static_cast<int64_t>(gap);
      candidates[k] = at;
    }
    return gaps.size();
  }

  void Keep(int64_t row, std::span<const int64_t> candidates,
            std::span<const double> chances,
            std::vector<int32_t>& units) const {
    const Position from = pre_.Of(row);
    std::array<double, kChunk> kernel;
    const std::span<double> used(kernel.data(), candidates.size());
    for (size_t k = 0; k < used.size(); ++k) {
      used[k] = kernel_.Log(from, post_.Of(candidates[k]));
    }
    math::Exp(used, used);
    for (size_t k = 0; k < used.size(); ++k) {
      if (skips_itself_ && candidates[k] == row) continue;
      if (chances[k] < used[k]) {
        units.push_back(static_cast<int32_t>(candidates[k]));
      }
    }
  }

  double p_;
  double per_log_;  // 1 / log(1 - p)
  bool skips_itself_;
  int64_t n_post_;
  Layout pre_, post_;
  Kernel kernel_;
  RandomStream random_;
};

// Sums the probabilities of at most so many rows, evenly chosen: on a ring or
// torus all are alike, on a grid those near the border have fewer.
constexpr int64_t kRowsSummed = 64;

double MeanSynapses(const Component& c, const ConnectivityShape& shape) {
  const Layout pre(c, shape.n_pre), post(c, shape.n_post);
  const Kernel kernel(c);
  const bool skips_itself = shape.is_recurrent && !c.Boolean("autapses");
  const int64_t rows = std::min(kRowsSummed, shape.n_pre);
  double sum = 0;
  for (int64_t k = 0; k < rows; ++k) {
    const int64_t row = (2 * k + 1) * shape.n_pre / (2 * rows);
    for (int64_t i = 0; i < shape.n_post; ++i) {
      sum += math::Exp(kernel.Log(pre.Of(row), post.Of(i)));
    }
    sum -= skips_itself ? 1 : 0;
  }
  return c.Real("p") * sum * static_cast<double>(shape.n_pre) /
         static_cast<double>(rows);
}

}  // namespace

ConnectivityRow DistanceDependentRow() {
  return {
      .spec = {.kind = Kind::kConnectivity,
               .type = "distance_dependent",
               .summary = "units lie on a ring, grid or torus, and the "
                          "probability of a pair falls off with its distance",
               .equation = "P(j -> i) = p exp(-d^2 / (2 sigma^2))   gaussian\n"
                           "P(j -> i) = p exp(-d / sigma)           "
                           "exponential",
               .reference = "",
               .parameters =
                   {Choice("layout", "torus", {"ring", "grid", "torus"},
                           "where both sides' units lie, evenly spaced"),
                    Choice("kernel", "gaussian", {"gaussian", "exponential"},
                           "how the probability falls off"),
                    Real("p", "1", 0.1, 0, 1, "probability at distance 0"),
                    Real("sigma", "mm", 0.1, 1e-9, 1e9, "width of the kernel"),
                    Real("extent", "mm", 1, 1e-9, 1e9,
                         "circumference of the ring, side of the grid or "
                         "torus"),
                    Boolean("autapses", true,
                            "whether a unit may have a synapse onto itself")}},
      .make = [](const Component& c, const ConnectivityShape& shape)
          -> std::unique_ptr<Connectivity> {
        return std::make_unique<DistanceDependent>(c, shape);
      },
      .synapses = MeanSynapses};
}

}  // namespace engram
