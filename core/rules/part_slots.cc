#include "core/rules/part_slots.h"

#include "core/base/contract.h"

namespace engram {
namespace {

SlotSpec Slot(std::string name, Kind kind, bool many, std::string meaning) {
  return {.name = std::move(name),
          .kind = kind,
          .many = many,
          .optional = true,
          .default_type = "",
          .meaning = std::move(meaning)};
}

}  // namespace

std::vector<SlotSpec> PartSlots() {
  return {Slot("eligibility", Kind::kEligibility, false,
               "holds changes back until a modulator calls for them"),
          Slot("homeostasis", Kind::kHomeostasis, true,
               "what keeps a unit's weights in balance, one after the other"),
          Slot("bounds", Kind::kBounds, false, "where weights may lie"),
          Slot("signs", Kind::kSignLaw, false,
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
