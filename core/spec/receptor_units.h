#pragma once

#include <map>
#include <string>

#include "core/spec/catalog.h"
#include "core/spec/component.h"
#include "core/spec/fault.h"
#include "core/spec/value.h"

namespace engram {

// The unit, in the catalog, of a parameter or slot whose numbers are in the
// unit of the receptor that the component acts on. A text with a unit there
// ("5 pA") is read as it stands (ReadValue), and becomes a number in that unit
// when the tree around it is known.
inline constexpr char kReceptorUnit[] = "receptor unit";

// Units by the paths of the components that act on receptors.
using ReceptorUnits = std::map<std::string, std::string>;

// Whether a parameter's value, or a tree in a slot (null for none), has texts
// that wait for their unit.
bool HasOpenUnits(const Value& value, const ParameterSpec& parameter);
bool HasOpenUnits(const Component& tree, const SlotSpec* slot,
                  const Catalog& catalog);

// Makes numbers of them. Adds to `faults` what has no such unit, with paths,
// without lines, and to `units` what it took; the tree is otherwise valid.
void CloseUnits(Component& root, const Catalog& catalog, Faults& faults,
                ReceptorUnits& units);

// At another point of a sweep: where the units that were taken are others.
void CheckUnits(const Component& root, const Catalog& catalog,
                const ReceptorUnits& units, Faults& faults);

}  // namespace engram
