#include "core/rules/catalog.h"

#include <algorithm>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/rules/heterosynaptic_competition.h"
#include "core/rules/homeostatic_scaling.h"
#include "core/rules/normalisation.h"
#include "core/rules/part_slots.h"
#include "core/spec/find_row.h"

namespace engram {

const std::vector<RuleRow>& RuleRows() {
  static const std::vector<RuleRow> rows = {
      AntiHebbianRow(),
      BcmRow(),
      CovarianceRow(),
      DelayedHebbianRow(),
      HebbianRow(),
      OjaRow(),
      SangerRow(),
      StdpPairRow(),
      StdpPowerLawRow(),
      StdpRateRow(),
      StdpTripletRow(),
      StdpTripletHippocampusRow(),
      StdpTripletHippocampusMinimalRow(),
      StdpTripletMinimalRow(),
      StdpVoltageRow(),
      SubspaceRow(),
      TemporallyAsymmetricHebbianRow(),
      UnlearningRow(),
      VogelsRow(),
  };
  return rows;
}

const std::vector<PartRow>& PartRows() {
  static const std::vector<PartRow> rows = {
      ColumnNormalisationRow(),
      DaleRow(),
      EligibilityTraceRow(),
      HardBoundsRow(),
      HeterosynapticCompetitionRow(),
      HomeostaticScalingRow(),
      HomeostaticScalingSpikesRow(),
      RowNormalisationRow(),
      SoftBoundsRow(),
  };
  return rows;
}

template <class Real>
std::unique_ptr<Rule<Real>> MakeRule(const Component& component,
                                     const RuleShape& shape) {
  const RuleRow& row = RowOf(RuleRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component, shape);
  } else {
    return row.make_double(component, shape);
  }
}

template std::unique_ptr<Rule<float>> MakeRule(const Component&,
                                               const RuleShape&);
template std::unique_ptr<Rule<double>> MakeRule(const Component&,
                                                const RuleShape&);

template <class Real>
std::unique_ptr<HomeostasisPart<Real>> MakeHomeostasis(
    const Component& component, const RuleShape& shape) {
  if (component.type == "row_normalisation") {
    return std::make_unique<RowNormalisation<Real>>(component, shape);
  }
  if (component.type == "column_normalisation") {
    return std::make_unique<ColumnNormalisation<Real>>(component, shape);
  }
  if (component.type == "heterosynaptic_competition") {
    return std::make_unique<HeterosynapticCompetition<Real>>(component, shape);
  }
  ENGRAM_EXPECT(component.type.starts_with("homeostatic_scaling"));
  return std::make_unique<HomeostaticScaling<Real>>(component, shape);
}

template std::unique_ptr<HomeostasisPart<float>> MakeHomeostasis(
    const Component&, const RuleShape&);
template std::unique_ptr<HomeostasisPart<double>> MakeHomeostasis(
    const Component&, const RuleShape&);

std::vector<Signal> SignalsReadBy(const Component& rule) {
  std::vector<Signal> reads = RowOf(RuleRows(), rule.type).reads;
  for (const Component* part : PartsOf(rule)) {
    const PartRow& row = RowOf(PartRows(), part->type);
    reads.insert(reads.end(), row.reads.begin(), row.reads.end());
  }
  std::ranges::sort(reads);
  const auto twice = std::ranges::unique(reads);
  reads.erase(twice.begin(), twice.end());
  return reads;
}

bool ReadsPotentials(const Component& rule) {
  return std::ranges::count(SignalsReadBy(rule), Signal::kPotentials) > 0;
}

std::vector<std::string> ArraysOfPlasticity(const Component& rule) {
  std::vector<std::string> arrays = RowOf(RuleRows(), rule.type).arrays;
  for (const Component* part : PartsOf(rule)) {
    for (const std::string& name : RowOf(PartRows(), part->type).arrays) {
      arrays.push_back(PathInRule(rule, *part) + "." + name);
    }
  }
  return arrays;
}

std::vector<std::string> RulesReadingOnly(std::span<const Signal> given) {
  std::vector<std::string> types;
  for (const RuleRow& row : RuleRows()) {
    if (std::ranges::all_of(row.reads, [&](Signal signal) {
          return std::ranges::find(given, signal) != given.end();
        })) {
      types.push_back(row.spec.type);
    }
  }
  return types;
}

ComponentSpec RuleSpec(ComponentSpec spec) {
  spec.kind = Kind::kRule;
  for (SlotSpec& slot : PartSlots()) spec.slots.push_back(std::move(slot));
  return spec;
}

ParameterSpec LearningRate() {
  return Real("eta", "1/ms", 1e-5, 0, 1, "learning rate");
}

}  // namespace engram
