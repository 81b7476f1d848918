#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "core/spec/experiment.h"
#include "engram/v1/experiments.pb.h"
#include "server/rpc/parts.h"
#include "server/rpc/resolver.h"

namespace engram {

// What a user sent, parsed and checked at every point.
struct ParsedSource {
  Experiment experiment;
  std::string text;    // with what was said beside it as comments at its end
  std::string preset;  // that it was made from; empty for none
  std::set<std::string> datasets;  // that it reads
  // Everything that its runs read from outside their trees, by digest.
  std::map<std::string, ResolvedInput> inputs;
};

// INVALID_ARGUMENT (BadRequest) has every fault of the text with its line and
// path. NOT_FOUND: an unknown preset, with the nearest known one.
absl::StatusOr<ParsedSource> ParseSource(const v1::ExperimentSource& source,
                                         const Parts& parts);

// NOT_FOUND with the nearest known name.
absl::StatusOr<const PresetFile*> FindPreset(const Science& science,
                                             absl::string_view name);

}  // namespace engram
