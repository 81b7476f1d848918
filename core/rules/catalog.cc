#include "core/rules/catalog.h"

#include "core/spec/find_row.h"

namespace engram {

const std::vector<RuleRow>& RuleRows() {
  static const std::vector<RuleRow> rows = {
      AntiHebbianRow(),
      HebbianRow(),
      StdpRateRow(),
  };
  return rows;
}

std::unique_ptr<Rule> MakeRule(const Component& component, int64_t n_post,
                               int64_t n_pre) {
  return RowOf(RuleRows(), component.type).make(component, n_post, n_pre);
}

ParameterSpec LearningRate() {
  return Real("eta", "1/ms", 1e-5, 0, 1, "learning rate");
}

}  // namespace engram
