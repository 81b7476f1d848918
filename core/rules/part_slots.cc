#include "core/rules/part_slots.h"

#include "core/base/contract.h"

namespace engram {
namespace {

SlotSpec Slot(std::string name, Kind kind, std::string meaning) {
  return {.name = std::move(name),
          .kind = kind,
          .many = false,
          .optional = true,
          .default_type = "",
          .meaning = std::move(meaning)};
}

}  // namespace

std::vector<SlotSpec> PartSlots() {
  return {Slot("eligibility", Kind::kEligibility,
               "holds changes back until a modulator calls for them"),
          Slot("bounds", Kind::kBounds, "where weights may lie"),
          Slot("signs", Kind::kSignLaw,
               "which sign a presynaptic unit's weights have")};
}

std::vector<const Component*> PartsOf(const Component& rule) {
  std::vector<const Component*> parts;
  for (const SlotSpec& slot : PartSlots()) {
    for (const Component& part : rule.Slots(slot.name)) parts.push_back(&part);
  }
  return parts;
}

std::string PathInRule(const Component& rule, const Component& part) {
  ENGRAM_EXPECT(part.path.starts_with(rule.path + "."));
  return part.path.substr(rule.path.size() + 1);
}

}  // namespace engram
