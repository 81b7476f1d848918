#include "server/rpc/keep_inputs.h"

#include <span>

#include "absl/strings/str_cat.h"
#include "server/array/chunk.h"
#include "server/queue/stored_item.h"
#include "server/rpc/put_chunks.h"
#include "server/rpc/series_array.h"
#include "server/rpc/spikes_array.h"
#include "server/store/store.h"

namespace engram {
namespace {

// What is kept as points or spikes, as the chunks of an array.
absl::Status KeepMade(const ResolvedInput& input, const Parts& parts) {
  const auto array = parts.store.Read([&](store::Reader& reader) {
    return input.spikes.has_value() ? ArrayOfSpikes(reader, *input.spikes)
                                    : ArrayOfSeries(reader, *input.series);
  });
  if (!array.ok()) return array.status();
  const std::vector<Chunk> chunks =
      CutIntoChunks(std::as_bytes(std::span(array->bytes)));
  return PutChunks(chunks, parts.store.blobs());
}

absl::Status KeepArray(const ResolvedInput& input, const Parts& parts) {
  std::vector<store::Digest> digests;
  for (const std::string& chunk : input.manifest.chunks()) {
    const auto digest = store::DigestFromBytes(chunk);
    if (!digest.ok()) return digest.status();
    digests.push_back(*digest);
  }
  const auto missing = parts.store.blobs().FindMissing(digests);
  if (!missing.ok()) return missing.status();
  if (missing->empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      input.name, " cannot be read: ", missing->size(), " of its ",
      digests.size(),
      " chunks are not in the store any more; `engram admin check --deep` says "
      "what else is missing"));
}

}  // namespace

std::vector<ExperimentInput> InputsFor(
    const std::map<std::string, ResolvedInput>& inputs) {
  std::vector<ExperimentInput> kept;
  for (const auto& [digest, input] : inputs) {
    kept.push_back({input.name, FromStored(input.manifest)});
  }
  return kept;
}

absl::Status KeepInputs(const std::map<std::string, ResolvedInput>& inputs,
                        const Parts& parts) {
  for (const auto& [digest, input] : inputs) {
    const bool is_made = input.series.has_value() || input.spikes.has_value();
    const absl::Status kept =
        is_made ? KeepMade(input, parts) : KeepArray(input, parts);
    if (!kept.ok()) return kept;
  }
  return absl::OkStatus();
}

}  // namespace engram
