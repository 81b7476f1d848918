#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/store/store.h"

namespace engram::faults {

// What one trial was promised, by the names of what it did. Each thing leaves
// its name in the database together with its rows, so that later it can be
// seen whether it is there, and whether it is there as a whole.
using Promised = std::set<std::string>;

// One of the eight things that are tried under every failure.
struct Scenario {
  const char* name;
  // Puts a data folder there as it is before.
  void (*prepare)(const std::filesystem::path& folder);
  // Whether the store is opened by what is tried.
  bool begins_closed;
  // Does it, as far as it goes; opens `store` if that begins closed.
  void (*run)(const std::filesystem::path& folder,
              std::unique_ptr<store::Store>& store, Promised& promised);
};

const std::vector<Scenario>& Scenarios();

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(
    const std::filesystem::path& folder);

// Everything promised is there, nothing is there by halves, and the files are
// whole; each fault found in words.
std::vector<std::string> FaultsOf(store::Store& store,
                                  const Promised& promised);
// The store that is open goes on: one more write. Its error if it does not.
absl::Status WriteOnce(store::Store& store, Promised& promised);

}  // namespace engram::faults
