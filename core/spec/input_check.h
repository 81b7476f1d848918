#pragma once

#include <set>
#include <string>

#include "core/spec/catalog.h"
#include "core/spec/component.h"
#include "core/spec/experiment.h"
#include "core/spec/fault.h"

namespace engram {

// Whether a component of the tree reads something from outside it.
bool ReadsInputs(const Component& tree, const Catalog& catalog);

// Lets the catalog look at what the components of trees read from outside them,
// as far as the resolver knows it: at each component once, however many points
// of a sweep have it. Faults have paths and no lines.
class InputChecker {
 public:
  // Both outlive the checker.
  InputChecker(const Catalog& catalog, const Resolver& resolver)
      : catalog_(catalog), resolver_(resolver) {}

  void Check(const Component& tree, Faults& faults);

 private:
  const Catalog& catalog_;
  const Resolver& resolver_;
  std::set<std::string> seen_;
};

}  // namespace engram
