#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/spec/find_row.h"
#include "core/spiking/catalog.h"

namespace engram {

// A component of this type with these parameters, the others as the catalog
// has them.
inline Component ConnectivityOf(const std::string& type,
                                std::map<std::string, Value> parameters = {}) {
  Component c;
  c.type = type;
  c.path = "experiment.projections.tested.connectivity";
  c.parameters = std::move(parameters);
  for (const ParameterSpec& p :
       RowOf(ConnectivityRows(), type).spec.parameters) {
    if (p.default_value) c.parameters.emplace(p.name, *p.default_value);
  }
  return c;
}

// How many synapses lead from j to i, for all pairs.
class Pairs {
 public:
  Pairs(const Component& c, const ConnectivityShape& shape)
      : n_pre_(shape.n_pre),
        n_post_(shape.n_post),
        counts_(static_cast<size_t>(shape.n_pre * shape.n_post)) {
    const std::unique_ptr<Connectivity> made = MakeConnectivity(c, shape);
    std::vector<int32_t> units;
    const int64_t rows = made->is_by_target() ? n_post_ : n_pre_;
    for (int64_t row = 0; row < rows; ++row) {
      made->Row(row, units);
      EXPECT_TRUE(std::ranges::is_sorted(units)) << "row " << row;
      for (const int64_t unit : units) {
        Count(made->is_by_target() ? unit : row,
              made->is_by_target() ? row : unit);
      }
    }
  }

  int64_t operator()(int64_t pre, int64_t post) const {
    return counts_[static_cast<size_t>(pre * n_post_ + post)];
  }
  int64_t OutDegree(int64_t pre) const {
    int64_t sum = 0;
    for (int64_t i = 0; i < n_post_; ++i) sum += (*this)(pre, i);
    return sum;
  }
  int64_t InDegree(int64_t post) const {
    int64_t sum = 0;
    for (int64_t j = 0; j < n_pre_; ++j) sum += (*this)(j, post);
    return sum;
  }
  std::vector<int64_t> OutDegrees() const {
    std::vector<int64_t> all;
    for (int64_t j = 0; j < n_pre_; ++j) all.push_back(OutDegree(j));
    return all;
  }
  std::vector<int64_t> InDegrees() const {
    std::vector<int64_t> all;
    for (int64_t i = 0; i < n_post_; ++i) all.push_back(InDegree(i));
    return all;
  }
  int64_t Total() const {
    int64_t sum = 0;
    for (const int64_t count : counts_) sum += count;
    return sum;
  }
  int64_t Largest() const { return *std::ranges::max_element(counts_); }
  const std::vector<int64_t>& counts() const { return counts_; }

 private:
  void Count(int64_t pre, int64_t post) {
    ASSERT_TRUE(pre >= 0 && pre < n_pre_ && post >= 0 && post < n_post_);
    ++counts_[static_cast<size_t>(pre * n_post_ + post)];
  }

  int64_t n_pre_, n_post_;
  std::vector<int64_t> counts_;
};

// Counts that are multinomial with equal chances have a sum of
// (count - mean)^2 / mean that is close to chi-square with n - 1 degrees of
// freedom: mean n - 1, standard deviation sqrt(2 (n - 1)). Five of them.
inline void ExpectEquallyLikely(const std::vector<int64_t>& counts) {
  double sum = 0;
  for (const int64_t count : counts) sum += static_cast<double>(count);
  const double mean = sum / static_cast<double>(counts.size());
  double chi_square = 0;
  for (const int64_t count : counts) {
    const double d = static_cast<double>(count) - mean;
    chi_square += d * d / mean;
  }
  const double freedom = static_cast<double>(counts.size()) - 1;
  EXPECT_NEAR(chi_square, freedom, 5 * std::sqrt(2 * freedom));
}

}  // namespace engram
