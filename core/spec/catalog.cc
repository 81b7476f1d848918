#include "core/spec/catalog.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/contract.h"

namespace engram {
namespace {

// A default of a real parameter may be written as a whole number.
void MakeReal(Value& value) {
  if (const int64_t* whole = std::get_if<int64_t>(&value.data)) {
    value = static_cast<double>(*whole);
  } else if (auto* list = std::get_if<Value::List>(&value.data)) {
    for (Value& item : *list) MakeReal(item);
  }
}

bool IsInRange(const ParameterSpec& spec, const Value& value) {
  if (const auto* list = std::get_if<Value::List>(&value.data)) {
    return std::ranges::all_of(
        *list, [&](const Value& item) { return IsInRange(spec, item); });
  }
  double number = 0;
  if (const double* real = std::get_if<double>(&value.data)) {
    number = *real;
  } else if (const int64_t* whole = std::get_if<int64_t>(&value.data)) {
    number = static_cast<double>(*whole);
  } else {
    return true;
  }
  return !(spec.minimum && number < *spec.minimum) &&
         !(spec.maximum && number > *spec.maximum) &&
         !(spec.exclusive_minimum && number == spec.minimum);
}

bool IsChosen(const ParameterSpec& spec, const Value& value) {
  const auto* text = std::get_if<std::string>(&value.data);
  return text == nullptr ||
         std::ranges::find(spec.choices, *text) != spec.choices.end();
}

void CheckParameter(ParameterSpec& spec) {
  if (spec.unit.empty() && spec.type != ParameterType::kMap) spec.unit = "1";
  if (spec.type == ParameterType::kChoice) {
    ENGRAM_EXPECT(!spec.choices.empty());
  }
  ENGRAM_EXPECT(spec.type != ParameterType::kReference || spec.reference_kind);
  if (!spec.default_value) return;
  if (spec.type == ParameterType::kReal) MakeReal(*spec.default_value);
  ENGRAM_EXPECT(IsInRange(spec, *spec.default_value));
  if (spec.type == ParameterType::kChoice) {
    ENGRAM_EXPECT(IsChosen(spec, *spec.default_value));
  }
}

// Parameters and slots share one set of names, for users write both as keys.
void CheckNames(ComponentSpec& spec) {
  std::set<std::string> names = {"type", "name"};
  for (ParameterSpec& parameter : spec.parameters) {
    ENGRAM_EXPECT(names.insert(parameter.name).second);
    CheckParameter(parameter);
  }
  for (const SlotSpec& slot : spec.slots) {
    ENGRAM_EXPECT(names.insert(slot.name).second);
  }
}

}  // namespace

Catalog::Catalog(std::vector<ComponentSpec> specs, ReceptorUnit receptor_unit,
                 InputCheck input_check)
    : specs_(std::move(specs)),
      receptor_unit_(std::move(receptor_unit)),
      input_check_(std::move(input_check)) {
  for (size_t i = 0; i < specs_.size(); ++i) {
    ENGRAM_EXPECT(index_.emplace(specs_[i].type, i).second);
    CheckNames(specs_[i]);
  }
  for (const ComponentSpec& spec : specs_) {
    for (const SlotSpec& slot : spec.slots) {
      if (slot.default_type.empty()) continue;
      const ComponentSpec* held = Find(slot.default_type);
      ENGRAM_EXPECT(held != nullptr && held->kind == slot.kind);
    }
  }
}

const ComponentSpec* Catalog::Find(absl::string_view type) const {
  const auto found = index_.find(std::string(type));
  return found == index_.end() ? nullptr : &specs_[found->second];
}

std::vector<const ComponentSpec*> Catalog::OfKind(Kind kind) const {
  std::vector<const ComponentSpec*> found;
  for (const ComponentSpec& spec : specs_) {
    if (spec.kind == kind) found.push_back(&spec);
  }
  return found;
}

absl::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kProgram:
      return "program";
    case Kind::kNetwork:
      return "network";
    case Kind::kRule:
      return "rule";
    case Kind::kEligibility:
      return "eligibility";
    case Kind::kHomeostasis:
      return "homeostasis";
    case Kind::kBounds:
      return "bounds";
    case Kind::kSignLaw:
      return "sign law";
    case Kind::kTask:
      return "task";
    case Kind::kGainMatching:
      return "gain matching";
    case Kind::kFeedback:
      return "feedback";
    case Kind::kProtocol:
      return "protocol";
    case Kind::kAnalysis:
      return "analysis";
    case Kind::kSystem:
      return "system";
    case Kind::kPopulation:
      return "population";
    case Kind::kGroup:
      return "group";
    case Kind::kProjection:
      return "projection";
    case Kind::kConnectivity:
      return "connectivity";
    case Kind::kDistribution:
      return "distribution";
    case Kind::kShortTerm:
      return "short-term plasticity";
    case Kind::kStimulus:
      return "stimulus";
    case Kind::kModulator:
      return "modulator";
    case Kind::kRecording:
      return "recording";
    case Kind::kTrainedNetwork:
      return "trained network";
    case Kind::kSupervisedTask:
      return "supervised task";
    case Kind::kLearner:
      return "learner";
    case Kind::kOptimizer:
      return "optimizer";
    case Kind::kSchedule:
      return "schedule";
    case Kind::kCurriculum:
      return "curriculum";
    case Kind::kLoss:
      return "loss term";
    case Kind::kInitial:
      return "initial value";
    case Kind::kConstraint:
      return "constraint";
    case Kind::kTrainedAnalysis:
      return "analysis of trained networks";
  }
  return "";
}

}  // namespace engram
