#include "core/programs/synapse_list.h"

#include <vector>

namespace engram {

// Units are gone through in rising order, so rows ascend within a column.
SparseWeights<double> SynapsesOf(const Array<int32_t>& pre) {
  const int64_t units = pre.cols();
  SparseWeights<double> list{.n_post = units,
                             .n_pre = units,
                             .starts = Array<int64_t>(units + 1),
                             .rows = Array<int32_t>(pre.rows() * units),
                             .weights = Array<double>(pre.rows() * units)};
  for (const int32_t j : pre.span()) ++list.starts[j + 1];
  for (int64_t j = 0; j < units; ++j) list.starts[j + 1] += list.starts[j];
  std::vector<int64_t> next(list.starts.span().begin(),
                            list.starts.span().end());
  for (int64_t i = 0; i < units; ++i) {
    for (const int32_t j : pre.col(i)) {
      list.rows[next[static_cast<size_t>(j)]++] = static_cast<int32_t>(i);
    }
  }
  return list;
}

void Gather(const Array<double>& matrix, SparseWeights<double>& synapses) {
  for (int64_t j = 0; j < synapses.n_pre; ++j) {
    for (int64_t k = synapses.starts[j]; k < synapses.starts[j + 1]; ++k) {
      synapses.weights[k] = matrix(synapses.rows[k], j);
    }
  }
}

void Scatter(const SparseWeights<double>& synapses, Array<double>& matrix) {
  for (int64_t j = 0; j < synapses.n_pre; ++j) {
    for (int64_t k = synapses.starts[j]; k < synapses.starts[j + 1]; ++k) {
      matrix(synapses.rows[k], j) = synapses.weights[k];
    }
  }
}

}  // namespace engram
