#include "core/networks/binary_network.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/networks/product.h"
#include "core/networks/sparse_inputs.h"

namespace engram {
namespace {

// Weights that cancel leave rounding errors of this order; fields that do not
// cancel are multiples of 1/K, or what a rule made of them.
constexpr double kTie = 1e-12;

int32_t Stored(const BinaryPatterns& patterns, BinaryNetwork::Storage storage,
               int64_t i, int64_t j) {
  return storage == BinaryNetwork::Storage::kSequence
             ? patterns.SuccessorProduct(i, j)
             : patterns.Product(i, j);
}

}  // namespace

BinaryNetwork::BinaryNetwork(const Component& component, uint64_t seed,
                             Parallel& parallel)
    : parallel_(parallel),
      units_(component.Integer("units")),
      is_synchronous_(component.Text("update") == "synchronous"),
      temperature_(component.Real("temperature")),
      noise_(seed, component.path, "noise"),
      order_(seed, component.path, "update_order") {
  const int64_t in_degree = component.Integer("in_degree");
  if (in_degree == 0) {
    weights_ = Array<double>(units_, units_);
    return;
  }
  inputs_ =
      DrawInputs(units_, in_degree,
                 RandomStream(seed, component.path, "connectivity"), parallel);
  counts_ = Array<int32_t>(in_degree, units_);
}

void BinaryNetwork::Store(const BinaryPatterns& patterns, Storage storage) {
  ENGRAM_EXPECT(patterns.units() == units_);
  if (is_sparse()) {
    StoreSparse(patterns, storage);
  } else {
    StoreFull(patterns, storage);
  }
}

void BinaryNetwork::StoreFull(const BinaryPatterns& patterns, Storage storage) {
  const double n = static_cast<double>(units_);
  parallel_.ForBlocks(
      units_, RowsPerBlock(units_), [&](int64_t begin, int64_t end) {
        for (int64_t j = begin; j < end; ++j) {
          for (int64_t i = 0; i < units_; ++i) {
            weights_(i, j) = i == j ? 0 : Stored(patterns, storage, i, j) / n;
          }
        }
      });
}

void BinaryNetwork::StoreSparse(const BinaryPatterns& patterns,
                                Storage storage) {
  parallel_.ForBlocks(
      units_, RowsPerBlock(inputs_.rows()), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          for (int64_t k = 0; k < inputs_.rows(); ++k) {
            counts_(k, i) = Stored(patterns, storage, i, inputs_(k, i));
          }
        }
      });
}

void BinaryNetwork::Begin(BinaryState& s) const {
  for (int64_t i = 0; i < units_; ++i) {
    s.sign[i] = s.activity[i] > 0 ? 1 : -1;
  }
  if (!is_synchronous_ && !is_sparse()) ComputeFields(s);
}

int64_t BinaryNetwork::Update(int64_t step, BinaryState& s) const {
  if (temperature_ > 0) noise_.Fill(step, s.noise.span());
  return is_synchronous_ ? Synchronous(s) : Asynchronous(step, s);
}

void BinaryNetwork::ComputeFields(BinaryState& s) const {
  const int64_t cols = is_sparse() ? inputs_.rows() : units_;
  parallel_.ForBlocks(
      units_, RowsPerBlock(cols), [&](int64_t begin, int64_t end) {
        if (is_sparse()) {
          for (int64_t i = begin; i < end; ++i) s.field[i] = SparseField(i, s);
          return;
        }
        for (int64_t i = begin; i < end; ++i) s.field[i] = 0;
        AddProduct(weights_, s.activity.span(), begin, end, s.field.data());
      });
}

// Whole numbers, so their sum is exact in any order.
double BinaryNetwork::SparseField(int64_t unit, const BinaryState& s) const {
  const int32_t* __restrict from = inputs_.data() + unit * inputs_.rows();
  const int32_t* __restrict count = counts_.data() + unit * counts_.rows();
  const int32_t* __restrict sign = s.sign.data();
  int32_t sum = 0;
  for (int64_t k = 0; k < inputs_.rows(); ++k) sum += count[k] * sign[from[k]];
  return sum / static_cast<double>(inputs_.rows());
}

double BinaryNetwork::Next(int64_t i, const BinaryState& s) const {
  const double h = s.field[i];
  if (temperature_ > 0) {
    return s.noise[i] < math::Logistic(2 * h / temperature_) ? 1 : -1;
  }
  if (std::abs(h) < kTie) return s.activity[i];
  return h > 0 ? 1 : -1;
}

int64_t BinaryNetwork::Synchronous(BinaryState& s) const {
  ComputeFields(s);
  int64_t changed = 0;
  for (int64_t i = 0; i < units_; ++i) {
    const double next = Next(i, s);
    changed += next != s.activity[i];
    s.activity[i] = next;
    s.sign[i] = next > 0 ? 1 : -1;
  }
  return changed;
}

int64_t BinaryNetwork::Asynchronous(int64_t step, BinaryState& s) const {
  order_.Permutation(step, s.order);
  int64_t changed = 0;
  for (const int64_t i : s.order) {
    if (is_sparse()) s.field[i] = SparseField(i, s);
    if (Next(i, s) == s.activity[i]) continue;
    Flip(i, s);
    ++changed;
  }
  return changed;
}

// The fields of a full network follow each change, which costs one column.
void BinaryNetwork::Flip(int64_t i, BinaryState& s) const {
  s.activity[i] = -s.activity[i];
  s.sign[i] = -s.sign[i];
  if (is_sparse()) return;
  const double change = 2 * s.activity[i];
  const double* __restrict column = weights_.data() + i * units_;
  double* __restrict field = s.field.data();
  for (int64_t k = 0; k < units_; ++k) field[k] += change * column[k];
}

namespace {

void CheckBinaryNetwork(const Component& self, const Component&,
                        Faults& faults) {
  const int64_t units = self.Integer("units");
  const int64_t in_degree = self.Integer("in_degree");
  if (in_degree >= units) {
    faults.push_back(
        {0, self.path + ".in_degree",
         absl::StrCat("in_degree = ", in_degree, " is more than the ",
                      units - 1, " other units; make it less, or 0 for all")});
  }
  constexpr int64_t kLargestFull = 20000;
  if (in_degree == 0 && units > kLargestFull) {
    faults.push_back(
        {0, self.path + ".units",
         absl::StrCat("full weights of ", units,
                      " units are too many (at most ", kLargestFull,
                      "); give in_degree for sparse ones")});
  }
}

}  // namespace

ComponentSpec BinaryNetworkSpec() {
  return {
      .kind = Kind::kNetwork,
      .type = "binary_network",
      .summary =
          "units of -1 and 1 whose weights store random patterns as "
          "attractors or as a sequence",
      .equation =
          "s_i = sign(sum_j W_ij s_j), unchanged where the sum is 0\n"
          "attractors: W_ij = (1/K) c_ij sum_mu xi_i^mu xi_j^mu, W_ii = 0\n"
          "sequence: W_ij = (1/K) c_ij sum_mu xi_i^(mu+1) xi_j^mu, W_ii = 0\n"
          "temperature > 0: s_i = 1 with probability "
          "1 / (1 + exp(-2 h_i / temperature))",
      .reference = "doi:10.1073/pnas.79.8.2554",
      .parameters =
          {Integer("units", 1000, 2, 1000000, "number of units N"),
           Choice("update", "synchronous", {"synchronous", "asynchronous"},
                  "all units at once, or one after the other in random order"),
           Integer("in_degree", 0, 0, 100000,
                   "inputs K of a unit, drawn at random; 0: all others"),
           Real("temperature", "1", 0, 0, 1000, "noise T of an update")},
      .slots = {},
      .outputs = {},
      .check = CheckBinaryNetwork};
}

}  // namespace engram
