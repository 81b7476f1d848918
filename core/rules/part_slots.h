#pragma once

#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// The slots of the parts that may follow any rule, in the order in which they
// act on a change. All are optional, and an empty one is absent from the
// canonical form.
std::vector<SlotSpec> PartSlots();

// What fills them, in that order.
std::vector<const Component*> PartsOf(const Component& rule);

// A part's path below the rule's: "eligibility".
std::string PathInRule(const Component& rule, const Component& part);

}  // namespace engram
