#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/value.h"

namespace engram {

// A validated node of an experiment's tree: every parameter of its type is
// present (defaults filled in, in the parameter's own unit), every slot holds
// what the catalog allows. Constructors of networks, rules and tasks read it
// and check nothing again; asking for a name that the type does not have is a
// ContractViolation.
struct Component {
  std::string type;
  std::string name;  // given by the user; empty if not
  std::string path;  // "experiment.rule"; list items by name, else by number
  std::map<std::string, Value> parameters;
  std::map<std::string, std::vector<Component>> slots;

  // Whether a parameter that may be absent has a value.
  bool Has(std::string_view parameter) const;

  // A real parameter, or an integer one as a real number.
  double Real(std::string_view parameter) const;
  int64_t Integer(std::string_view parameter) const;
  bool Boolean(std::string_view parameter) const;
  const std::string& Text(std::string_view parameter) const;
  // Lists: of numbers, of rows of numbers, of text.
  std::vector<double> Reals(std::string_view parameter) const;
  std::vector<std::vector<double>> RealRows(std::string_view parameter) const;
  std::vector<std::string> Texts(std::string_view parameter) const;
  // Any parameter as it is stored.
  const Value& Get(std::string_view parameter) const;

  // The component in a slot; for an optional slot that is empty, null.
  const Component* Find(std::string_view slot) const;
  // The same for a slot that cannot be empty.
  const Component& Slot(std::string_view slot) const;
  const std::vector<Component>& Slots(std::string_view slot) const;

  friend bool operator==(const Component&, const Component&) = default;
};

}  // namespace engram
