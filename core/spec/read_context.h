#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "core/spec/catalog.h"
#include "core/spec/experiment.h"
#include "core/spec/fault.h"
#include "core/spec/receptor_units.h"

namespace engram {

// What everything that reads a text shares: the catalog, who answers for
// datasets and other runs, and where faults go.
struct ReadContext {
  const Catalog& catalog;
  const Resolver& resolver;
  Faults& faults;
  // Each name is asked for once, so every point gets the same answer.
  std::map<std::string, absl::StatusOr<std::string>> dataset_digests = {};
  std::map<std::string, absl::StatusOr<std::string>> item_digests = {};
  // Taken for texts with a unit where that is a receptor's.
  ReceptorUnits receptor_units = {};

  void Report(int line, std::string path, std::string message) {
    faults.push_back({line, std::move(path), std::move(message)});
  }
};

}  // namespace engram
