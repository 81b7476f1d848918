#pragma once

#include <map>
#include <string>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"
#include "core/spec/yaml_node.h"

namespace engram {

// A component within a small tree that is valid, as it would be written.
struct ComponentPlace {
  YamlNode tree;
  std::string path;  // of the component
  const ComponentSpec* spec = nullptr;
};

// For every type that can stand in a slot of some programs, down to the
// innermost slots, one place of it; by type.
struct ComponentPlaces {
  std::map<std::string, ComponentPlace> found;
  // Types that stand nowhere, and the first fault of where they were tried.
  std::map<std::string, std::string> missing;
};
ComponentPlaces FindComponentPlaces();

// The part of a written tree at a path of components; null where there is none.
YamlNode* NodeAt(YamlNode& tree, const std::string& path);

// A written tree as a run's. Datasets and record items are their own digests.
Component ReadWritten(const YamlNode& tree, Faults& faults);

}  // namespace engram
