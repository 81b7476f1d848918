#pragma once

#include "core/spec/catalog.h"
#include "core/spec/component.h"
#include "core/spec/fault.h"

namespace engram {

// What spans components, on a tree whose components are valid one by one:
// names that occur twice in a slot, references that nothing answers, and each
// type's own check. Faults have paths and no lines.
void CrossCheck(const Component& root, const Catalog& catalog, Faults& faults);

// Whether CrossCheck looks at more than names anywhere in this tree.
bool HasCrossChecks(const Component& tree, const Catalog& catalog);

}  // namespace engram
