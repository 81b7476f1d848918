#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "engram/store/v1/array.pb.h"
#include "server/store/keys.h"
#include "server/store/spike_table.h"

namespace engram::store {
class Reader;
class Store;
}  // namespace engram::store

namespace engram {

// What a text names by its digest, and where its bytes are.
struct ResolvedInput {
  std::string name;  // as it is written: "k7m2q9xw4p/17/state@final"
  store::v1::ArrayManifest manifest;
  // Of a series or of spikes, which are no chunks yet; absent: the store has
  // them.
  std::optional<store::SeriesKey> series{};
  std::optional<store::PopulationRow> spikes{};
};

// Answers what an experiment's text names outside itself: datasets, items of
// other runs' records, runs by filter. For one text, on one thread.
class StoreResolver final : public Resolver {
 public:
  explicit StoreResolver(store::Store& store) : store_(store) {}

  absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const override;
  // "k7m2q9xw4p/17/snapshots/rule.weights@final" (or @ a tick): the array.
  // "k7m2q9xw4p/17/traces/weight_norm": as ArrayOfSeries makes it.
  // "k7m2q9xw4p/17/spikes/excitatory": as ArrayOfSpikes makes it.
  // "k7m2q9xw4p/17/state@final": the bytes of a checkpoint, out of which
  // core's StoredInput takes arrays.
  absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const override;
  absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view filter) const override;

  // Of what was asked for and is there. Looks at 256 MiB in all, then at the
  // forms alone, so that no text keeps the server busy for long.
  std::optional<InputForm> Form(absl::string_view digest) const override;
  std::string FirstBytes(absl::string_view digest) const override;

  // Names of the datasets that were asked for and are there.
  const std::set<std::string>& datasets() const { return datasets_; }
  // Everything that was asked for and is there, by digest (32 bytes).
  const std::map<std::string, ResolvedInput>& inputs() const { return inputs_; }

 private:
  absl::StatusOr<ResolvedInput> FindItem(store::Reader& reader,
                                         absl::string_view item) const;
  // Null for a digest (in hex) that it has given nobody.
  const ResolvedInput* Find(absl::string_view digest) const;
  // The digest in hex.
  std::string Keep(ResolvedInput input) const;

  store::Store& store_;
  mutable std::set<std::string> datasets_;
  mutable std::map<std::string, ResolvedInput> inputs_;
  mutable int64_t looked_at_bytes_ = 0;
};

}  // namespace engram
