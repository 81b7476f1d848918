#pragma once

#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {

// A component of `kind` at `path`, defaults filled in, from what was written;
// `default_type` is its type where none is written, empty for none. After a
// fault the rest is still read, so that all faults come at once; the component
// is then not to be used.
Component ReadComponent(const YamlNode& node, Kind kind,
                        const std::string& default_type,
                        const std::string& path, ReadContext& context);

// The same of what was written in `slot`: numbers may have its unit, and may
// stand for a component (ComponentSpec::bare_parameter).
Component ReadSlotComponent(const YamlNode& node, const SlotSpec& slot,
                            const std::string& path, ReadContext& context);

// A number in place of a component as the map that it stands for; anything else
// as it is.
YamlNode WithoutShorthand(const YamlNode& node, Kind kind,
                          const Catalog& catalog);

// A parameter of a component in `slot` (null: in none), with its unit.
// The type of a component in the slot that is written without one: the slot's
// default, or the only one of its kind; empty for none.
std::string UnwrittenType(const SlotSpec& slot, const Catalog& catalog);

ParameterSpec InSlot(ParameterSpec parameter, const SlotSpec* slot);

// The components in a slot that holds many.
std::vector<Component> ReadComponents(const YamlNode& node,
                                      const SlotSpec& slot,
                                      const std::string& path,
                                      ReadContext& context);

// The path segment of a list item: its name, else its number.
std::string ItemSegment(const YamlNode& item, size_t number);

// The type that a node says, `default_type` where it says none, null after
// something else or an unknown name. Reports nothing.
const ComponentSpec* WrittenType(const YamlNode& node,
                                 const std::string& default_type,
                                 const Catalog& catalog);

// The names of the types of one kind.
std::vector<std::string> TypesOf(const Catalog& catalog, Kind kind);

// "a rule", "an analysis"
std::string WithArticle(Kind kind);

// Keys that a component of this type may have, besides type and name.
std::vector<std::string> KeysOf(const ComponentSpec& spec);

}  // namespace engram
