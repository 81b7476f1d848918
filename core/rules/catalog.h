#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/rules/homeostasis_part.h"
#include "core/rules/rule.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

template <class Real>
using RuleMaker = std::unique_ptr<Rule<Real>> (*)(const Component& component,
                                                  const RuleShape& shape);

// A learning rule's row of the catalog: what it reads of Signals, the arrays
// that it keeps, and how it is made in each precision.
struct RuleRow {
  ComponentSpec spec;
  std::vector<Signal> reads;
  std::vector<std::string> arrays = {};
  RuleMaker<float> make_single = nullptr;
  RuleMaker<double> make_double = nullptr;
};

// A part that may follow any rule: eligibility trace, homeostasis, bounds, sign
// law.
struct PartRow {
  ComponentSpec spec;
  std::vector<Signal> reads = {};
  std::vector<std::string> arrays = {};
};

// Of a validated component in the slot `homeostasis`.
template <class Real>
std::unique_ptr<HomeostasisPart<Real>> MakeHomeostasis(
    const Component& component, const RuleShape& shape);

// One line a rule, and a part.
const std::vector<RuleRow>& RuleRows();
const std::vector<PartRow>& PartRows();

// The rule alone, of a validated component; ContractViolation when its type has
// no row. A program wants MakePlasticity (plasticity.h), which adds the parts.
template <class Real>
std::unique_ptr<Rule<Real>> MakeRule(const Component& component,
                                     const RuleShape& shape);

// What a rule with its parts reads, in the order of Signal, and the arrays that
// they name under a prefix ("trace_pre", "eligibility.trace").
std::vector<Signal> SignalsReadBy(const Component& rule);
std::vector<std::string> ArraysOfPlasticity(const Component& rule);

// Whether the rule, or a part of it, reads potentials.
bool ReadsPotentials(const Component& rule);

// The types of all rules that read no signal but those in `given`.
std::vector<std::string> RulesReadingOnly(std::span<const Signal> given);

// For the check of a program or projection that has the rule: adds a fault for
// each signal that the rule or a part of it reads and that `giver` (as its
// reader knows it: "a rate network") does not give.
void CheckSignals(const Component& rule, std::span<const Signal> gives,
                  absl::string_view giver, Faults& faults);

// Completes a rule's row with its kind and the slots of the parts.
ComponentSpec RuleSpec(ComponentSpec spec);

// The row of a rule whose constructor takes (Component, RuleShape).
template <template <class> class R>
RuleRow RowOfRule(ComponentSpec spec, std::vector<Signal> reads,
                  std::vector<std::string> arrays = {}) {
  return {.spec = RuleSpec(std::move(spec)),
          .reads = std::move(reads),
          .arrays = std::move(arrays),
          .make_single = [](const Component& c, const RuleShape& shape)
              -> std::unique_ptr<Rule<float>> {
            return std::make_unique<R<float>>(c, shape);
          },
          .make_double = [](const Component& c, const RuleShape& shape)
              -> std::unique_ptr<Rule<double>> {
            return std::make_unique<R<double>>(c, shape);
          }};
}

// The parameter `eta` that every rule on rates has.
ParameterSpec LearningRate();

RuleRow AntiHebbianRow();
RuleRow BcmRow();
RuleRow CovarianceRow();
RuleRow DelayedHebbianRow();
RuleRow HebbianRow();
RuleRow OjaRow();
RuleRow SangerRow();
RuleRow StdpPairRow();
RuleRow StdpPowerLawRow();
RuleRow StdpRateRow();
RuleRow StdpVoltageRow();
RuleRow StdpTripletRow();
RuleRow StdpTripletHippocampusRow();
RuleRow StdpTripletHippocampusMinimalRow();
RuleRow StdpTripletMinimalRow();
RuleRow SubspaceRow();
RuleRow TemporallyAsymmetricHebbianRow();
RuleRow UnlearningRow();
RuleRow VogelsRow();

PartRow ColumnNormalisationRow();
PartRow DaleRow();
PartRow EligibilityTraceRow();
PartRow HardBoundsRow();
PartRow HeterosynapticCompetitionRow();
PartRow HomeostaticScalingRow();
PartRow HomeostaticScalingSpikesRow();
PartRow RowNormalisationRow();
PartRow SoftBoundsRow();

}  // namespace engram
