#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "core/spec/cross_check.h"
#include "core/spec/experiment.h"
#include "core/spec/json_text.h"
#include "core/spec/read_component.h"
#include "core/spec/read_seed.h"

namespace engram {
namespace {

// A canonical form names datasets and record items by digest already.
class KeepDigests final : public Resolver {
 public:
  absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const override {
    return std::string(name);
  }
  absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const override {
    return std::string(item);
  }
  absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view) const override {
    return absl::InvalidArgumentError("a canonical form names no runs");
  }
};

absl::Status FirstFault(const Faults& faults) {
  const Fault& first = faults.front();
  return absl::InvalidArgumentError(absl::StrCat("canonical form: ", first.path,
                                                 first.path.empty() ? "" : ": ",
                                                 first.message));
}

// Nothing but what the canonical form has.
void CheckKeys(const YamlNode& root, Faults& faults) {
  for (const YamlKey& key : root.keys) {
    if (key.name == "experiment" || key.name == "seed") continue;
    faults.push_back({key.line, key.name, "unknown key"});
  }
  for (const char* key : {"experiment", "seed"}) {
    if (root.Find(key) == nullptr) faults.push_back({1, key, "is missing"});
  }
}

}  // namespace

std::string CanonicalJson(const Component& tree, uint64_t seed) {
  std::string json = "{\"experiment\":";
  AppendJson(tree, json);
  absl::StrAppend(&json, ",\"seed\":", seed, "}");
  return json;
}

std::string RunHash(const Component& tree, uint64_t seed) {
  return absl::StrCat("s1:", Sha256Hex(CanonicalJson(tree, seed)));
}

absl::StatusOr<std::pair<Component, uint64_t>> FromCanonicalJson(
    absl::string_view json, const Catalog& catalog) {
  // With its defaults a tree can be longer than what a user may send.
  constexpr size_t kLargestJson = size_t{64} << 20;
  Faults faults;
  const YamlNode root = ParseYaml(json, faults, kLargestJson);
  if (faults.empty()) CheckKeys(root, faults);
  if (!faults.empty()) return FirstFault(faults);
  const KeepDigests resolver;
  ReadContext context{catalog, resolver, faults};
  Component tree = ReadComponent(*root.Find("experiment"), Kind::kProgram, "",
                                 "experiment", context);
  const std::optional<uint64_t> seed =
      ReadSeed(*root.Find("seed"), "seed", context);
  if (faults.empty()) {
    CloseUnits(tree, catalog, faults, context.receptor_units);
  }
  if (faults.empty()) CrossCheck(tree, catalog, faults);
  if (!faults.empty()) return FirstFault(faults);
  return std::pair(std::move(tree), *seed);
}

}  // namespace engram
