#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/programs/program.h"
#include "core/spec/catalog.h"
#include "core/spec/component.h"
#include "core/spec/experiment.h"

namespace engram::store {
class Store;
}

namespace engram {

class KeptBuilds;
class LoginLinks;
class Queue;
class Tokens;

// A published experiment that comes with the server.
struct PresetFile {
  std::string name;  // "flagship"
  std::string text;  // YAML
};

// What the core knows, as the calls ask it.
struct Science {
  const Catalog& catalog;
  std::function<Estimate(const Component& root)> estimate;
  std::function<absl::Status(const Component& root, const RecordPolicy& policy)>
      check_record;
  std::vector<PresetFile> presets;
};

// What stays the same while the server runs.
struct ServerFacts {
  std::string version;
  std::string build;  // SHA-256 in hex of the engram-worker file
  int64_t start_us = 0;
  int64_t disk_low_water_bytes = 0;
};

// What calls work with. A call's plain function takes the caller, the request
// and these; all of them are thread-safe and outlive every call.
struct Parts {
  store::Store& store;
  Queue& queue;
  Tokens& tokens;
  const Science& science;
  ServerFacts facts;
  std::function<int64_t()> now_us;    // UTC microseconds
  LoginLinks* login_links = nullptr;  // null: no browser can log in
  KeptBuilds* builds = nullptr;       // null: none are kept
};

}  // namespace engram
