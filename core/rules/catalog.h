#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/rules/rule.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// A learning rule's row of the catalog, the arrays that it keeps, and how it is
// made for weights (n_post, n_pre).
struct RuleRow {
  ComponentSpec spec;
  std::vector<std::string> arrays;
  std::unique_ptr<Rule> (*make)(const Component& component, int64_t n_post,
                                int64_t n_pre);
};

// One line a rule.
const std::vector<RuleRow>& RuleRows();

// Of a validated component; ContractViolation when its type has no row.
std::unique_ptr<Rule> MakeRule(const Component& component, int64_t n_post,
                               int64_t n_pre);

// The parameter `eta` that every rule on rates has.
ParameterSpec LearningRate();

RuleRow HebbianRow();
RuleRow AntiHebbianRow();
RuleRow StdpRateRow();

}  // namespace engram
