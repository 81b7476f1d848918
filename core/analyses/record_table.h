#pragma once

#include <string>
#include <vector>

#include "core/analyses/sequence_analysis.h"
#include "core/base/array.h"
#include "core/programs/state_array.h"

namespace engram {

// Records a table whose number of rows or columns is found by the run, and may
// be 0 or 1: it keeps both axes.
template <class T>
void RecordTable(const std::string& name, const Array<T>& table,
                 const std::string& unit, AnalysisOutput& out) {
  ArrayView view = ViewOf(table, unit);
  view.shape = {table.rows(), table.cols()};
  out.Array(name, view);
}

// Records a list that may be empty.
template <class T>
void RecordList(const std::string& name, const std::vector<T>& list,
                const std::string& unit, AnalysisOutput& out) {
  Array<T> array(static_cast<int64_t>(list.size()));
  std::copy(list.begin(), list.end(), array.data());
  out.Array(name, ViewOf(array, unit));
}

}  // namespace engram
