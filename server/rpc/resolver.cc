#include "server/rpc/resolver.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/programs/state_array.h"
#include "server/queue/stored_item.h"
#include "server/rpc/name.h"
#include "server/rpc/series_array.h"
#include "server/rpc/spikes_array.h"
#include "server/store/array_table.h"
#include "server/store/blobs.h"
#include "server/store/checkpoint_table.h"
#include "server/store/dataset_table.h"
#include "server/store/listing.h"
#include "server/store/run_table.h"
#include "server/store/series_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

constexpr int64_t kMostRuns = 100'000;

// Files up to this size are looked at as a whole before anything is queued: a
// second's work. Of larger ones, such as a text of a GB, the first chunk is.
constexpr int64_t kMostWhole = int64_t{16} << 20;
constexpr int64_t kMostLooks = int64_t{256} << 20;

absl::Status UnknownItem(absl::string_view item) {
  return absl::InvalidArgumentError(absl::StrCat(
      "'", item,
      "' names no item of a run's record; items are "
      "k7m2q9xw4p/17/snapshots/rule.weights@final (or a tick for final), "
      "k7m2q9xw4p/17/traces/weight_norm, k7m2q9xw4p/17/spikes/excitatory "
      "and k7m2q9xw4p/17/state@final"));
}

// The run must not change any more, or its item might.
absl::Status CheckSucceeded(store::Reader& reader, const RunRef& run) {
  const std::string state = store::ReadRun(reader, run.key).state;
  if (state == "succeeded") return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(run.name.Short(), " is ", state,
                   "; items are taken from runs that have succeeded"));
}

absl::StatusOr<ResolvedInput> Snapshot(store::Reader& reader, const RunRef& run,
                                       absl::string_view rest,
                                       absl::string_view item) {
  const size_t at = rest.rfind('@');
  if (at == absl::string_view::npos) return UnknownItem(item);
  int64_t step = -1;
  const absl::string_view when = rest.substr(at + 1);
  if (when != "final" && (!absl::SimpleAtoi(when, &step) || step < 0)) {
    return UnknownItem(item);
  }
  auto array = store::FindArray(reader, run.key, rest.substr(0, at), step);
  if (!array.ok()) return array.status();
  return ResolvedInput{std::string(item), std::move(array->manifest)};
}

// The whole state in which the run succeeded, as its build has it.
absl::StatusOr<ResolvedInput> FinalState(store::Reader& reader,
                                         const RunRef& run,
                                         absl::string_view item) {
  auto state = store::FindFinalState(reader, run.key);
  if (state.has_value()) {
    return ResolvedInput{std::string(item), std::move(state->manifest)};
  }
  return absl::NotFoundError(absl::StrCat(
      run.name.Short(), " has left no final state: its worker saved none"));
}

absl::StatusOr<ResolvedInput> Trace(store::Reader& reader, const RunRef& run,
                                    absl::string_view name,
                                    absl::string_view item) {
  auto series = store::FindSeries(reader, run.key, name);
  if (!series.ok()) return series.status();
  auto array = ArrayOfSeries(reader, series->key);
  if (!array.ok()) return array.status();
  return ResolvedInput{std::string(item), std::move(array->manifest),
                       series->key};
}

absl::StatusOr<ResolvedInput> Spikes(store::Reader& reader, const RunRef& run,
                                     absl::string_view name,
                                     absl::string_view item) {
  auto population = store::FindPopulation(reader, run.key, name);
  if (!population.ok()) return population.status();
  auto array = ArrayOfSpikes(reader, *population);
  if (!array.ok()) return array.status();
  return ResolvedInput{.name = std::string(item),
                       .manifest = std::move(array->manifest),
                       .spikes = *std::move(population)};
}

}  // namespace

absl::StatusOr<std::string> StoreResolver::DatasetDigest(
    absl::string_view name) const {
  const std::string bare = Bare(name, "datasets");
  auto row = store_.Read(
      [&](store::Reader& reader) { return store::FindDataset(reader, bare); });
  if (!row.ok()) return row.status();
  datasets_.insert(bare);
  return Keep({absl::StrCat("datasets/", bare), std::move(row->manifest)});
}

absl::StatusOr<std::string> StoreResolver::RecordItemDigest(
    absl::string_view item) const {
  auto found = store_.Read(
      [&](store::Reader& reader) { return FindItem(reader, item); });
  if (!found.ok()) return found.status();
  return Keep(*std::move(found));
}

absl::StatusOr<ResolvedInput> StoreResolver::FindItem(
    store::Reader& reader, absl::string_view item) const {
  absl::StatusOr<ParsedName> parsed = ParseName(item, "item");
  if (!parsed.ok() || !parsed->point.has_value()) return UnknownItem(item);
  auto run = FindRunNamed(
      reader, absl::StrCat(parsed->experiment, "/", *parsed->point));
  if (!run.ok()) return run.status();
  absl::Status status = CheckSucceeded(reader, *run);
  if (!status.ok()) return status;
  absl::string_view rest = parsed->rest;
  if (absl::ConsumePrefix(&rest, "snapshots/")) {
    return Snapshot(reader, *run, rest, item);
  }
  if (absl::ConsumePrefix(&rest, "traces/")) {
    return Trace(reader, *run, rest, item);
  }
  if (absl::ConsumePrefix(&rest, "spikes/")) {
    return Spikes(reader, *run, rest, item);
  }
  if (rest == "state@final") return FinalState(reader, *run, item);
  return UnknownItem(item);
}

const ResolvedInput* StoreResolver::Find(absl::string_view digest) const {
  const auto found = inputs_.find(absl::HexStringToBytes(digest));
  return found == inputs_.end() ? nullptr : &found->second;
}

std::optional<InputForm> StoreResolver::Form(absl::string_view digest) const {
  const ResolvedInput* input = Find(digest);
  if (input == nullptr) return std::nullopt;
  RecordedManifest manifest = FromStored(input->manifest);
  return InputForm{std::string(ElementTypeName(manifest.type)),
                   std::move(manifest.shape)};
}

// Points and spikes are no chunks yet. A chunk that is not there is found when
// the inputs are kept.
std::string StoreResolver::FirstBytes(absl::string_view digest) const {
  const ResolvedInput* input = Find(digest);
  if (input == nullptr || looked_at_bytes_ >= kMostLooks) return "";
  const bool is_small = input->manifest.byte_size() <= kMostWhole;
  std::string bytes;
  for (const std::string& chunk : input->manifest.chunks()) {
    const auto key = store::DigestFromBytes(chunk);
    auto piece = key.ok() ? store_.blobs().Get(*key) : key.status();
    if (!piece.ok()) return "";
    looked_at_bytes_ += static_cast<int64_t>(piece->size());
    bytes += *piece;
    if (!is_small) break;
  }
  return bytes;
}

std::string StoreResolver::Keep(ResolvedInput input) const {
  const std::string digest = input.manifest.digest();
  inputs_.emplace(digest, std::move(input));
  return absl::BytesToHexString(digest);
}

absl::StatusOr<std::vector<std::string>> StoreResolver::MatchingRuns(
    absl::string_view filter) const {
  using Names = std::vector<std::string>;
  return store_.Read([&](store::Reader& reader) -> absl::StatusOr<Names> {
    auto keys = store::MatchingRuns(reader, filter, kMostRuns);
    if (!keys.ok()) return keys.status();
    Names names;
    for (const store::RunKey key : *keys) {
      const store::RunRow row = store::ReadRun(reader, key);
      names.push_back(RunName{row.experiment_id, row.point}.Short());
    }
    return names;
  });
}

}  // namespace engram
