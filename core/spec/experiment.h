#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/spec/catalog.h"
#include "core/spec/claim.h"
#include "core/spec/component.h"
#include "core/spec/fault.h"

namespace engram {

// What a client sends: the text as the user wrote it (YAML, JSON included, at
// most 1 MiB) and what was said beside it on the command line or in a form.
struct ExperimentText {
  struct Assignment {
    std::string path;        // "experiment.rule.eta"
    std::string expression;  // YAML: "2e-5", "{type: hebbian}", "[0.3, 0.5]"
  };
  std::string text;
  std::string file = "experiment.yaml";  // for messages only
  std::vector<Assignment> set = {};      // replaces a value of the tree
  std::vector<Assignment> sweep = {};    // adds or replaces an axis
  std::string seeds = {};                // "1..10"; replaces the seed axis
};

// Of an array that a run reads from outside its tree.
struct InputForm {
  std::string type;  // of its elements: "uint8"
  std::vector<int64_t> shape;
};

// Answers what a text names outside itself. The server asks its store; a test
// or a client of the core alone can refuse everything (RefuseAll).
class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const = 0;
  virtual absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const = 0;
  // Short names ("k7m2q9xw4p/17") of the runs that match a filter.
  virtual absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view filter) const = 0;

  // What is known, before anything runs, of that to which it gave this digest.
  // Absent: nothing.
  virtual std::optional<InputForm> Form(absl::string_view digest) const;
  // Its first bytes: all of them where they are few enough to be looked at
  // before anything runs, none where they are not at hand.
  virtual std::string FirstBytes(absl::string_view digest) const;
};

// Knows no dataset and no run.
class RefuseAll final : public Resolver {
 public:
  absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const override;
  absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const override;
  absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view filter) const override;
};

// What is recorded, beyond what analyses leave: in no hash.
struct RecordPolicy {
  int64_t metrics_every = 1;  // in units of each series' x; 0: none
  // Path of an array to the ticks at which it is stored; -1 is `final`.
  std::map<std::string, std::vector<int64_t>> snapshots;
};

// What a run asks for; absent values come from the program's estimate.
struct ResourceRequest {
  std::optional<int> cpus;
  std::optional<int64_t> memory_bytes;
  std::optional<int64_t> time_s;
};

// One point of the sweep: a run in the making.
struct Point {
  int64_t number = 0;  // stable for ever
  uint64_t seed = 0;
  Component tree;  // the root, which is at path "experiment"
  // What varies, as it reads in a table, the slowest axis first: a parameter by
  // its axis' path (experiment.network.tau, 20.0); of an axis of components
  // `<path>.type` where types differ ("hebbian") and the parameters in which
  // components of one type differ. `where` of claims names these paths.
  std::vector<std::pair<std::string, Value>> varying;
};

// An experiment that passed validation at every point.
class Experiment {
 public:
  // All faults at once: on any, returns nothing and `faults` says them, sorted
  // by line. Draws a seed from `fallback_seed` when the text has none.
  static std::optional<Experiment> Parse(const ExperimentText& text,
                                         const Catalog& catalog,
                                         const Resolver& resolver,
                                         uint64_t fallback_seed,
                                         Faults& faults);

  const std::string& name() const;
  const std::string& notes() const;
  const std::vector<std::string>& tags() const;
  int priority() const;
  const std::optional<std::string>& after() const;
  const RecordPolicy& record() const;
  const ResourceRequest& resources() const;
  const std::vector<Claim>& claims() const;
  // Paths of the axes as written, slowest first; `seed` last; of one that sets
  // several paths (zip, a random group) all of them.
  std::vector<std::string> axes() const;
  // Number of values of the axis of each of these paths.
  std::vector<int64_t> axis_sizes() const;

  int64_t run_count() const;  // at most 100,000
  Point At(int64_t number) const;

  // Canonical JSON of tree, seed, sweep and claims, and its hash "e1:<hex>".
  std::string CanonicalJson() const;
  std::string Hash() const;

 private:
  struct Data;
  std::shared_ptr<const Data> data_;  // immutable, so copies may share it
};

// Keys sorted, defaults filled in, reals as shortest round-trip text in the
// parameter's unit, -0 as 0, no white space.
std::string CanonicalJson(const Component& tree, uint64_t seed);
// "s1:" and the SHA-256 in hex of the above.
std::string RunHash(const Component& tree, uint64_t seed);
// The inverse: what a worker is sent. Validated against the catalog again.
absl::StatusOr<std::pair<Component, uint64_t>> FromCanonicalJson(
    absl::string_view json, const Catalog& catalog);

}  // namespace engram
