#include "core/analyses/item_patterns.h"

namespace engram {

Array<double> ItemPatterns(const SequenceTask& task, int64_t units) {
  Array<double> patterns(units, task.items());
  for (int64_t k = 0; k < task.items(); ++k) {
    for (int64_t unit : task.units_of(k)) patterns(unit, k) = 1;
  }
  return patterns;
}

}  // namespace engram
