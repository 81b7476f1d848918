#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/queue/run_name.h"
#include "server/store/keys.h"

namespace engram::store {
class Reader;
}

namespace engram {

// What a name's text says before anybody looked whether it exists. Taken are
// "experiments/k7m2q9xw4p", "experiments/k7m2q9xw4p/runs/17", the same without
// "experiments" or "runs" ("k7m2q9xw4p/17"), and whatever stands behind a run
// in `rest` ("verifications/2").
struct ParsedName {
  std::string experiment;  // whole, or a prefix
  std::optional<int64_t> point;
  std::string rest;
};
// INVALID_ARGUMENT (BadRequest on `field`) shows the forms that are taken.
absl::StatusOr<ParsedName> ParseName(absl::string_view text,
                                     absl::string_view field);

// An experiment of the store.
struct ExperimentRef {
  store::ExperimentKey key{};
  std::string id;
};
// A run of the store.
struct RunRef {
  store::RunKey key{};
  store::ExperimentKey experiment{};
  RunName name;
};
// What cancel and retry take: an experiment or one run of it.
struct TargetRef {
  ExperimentRef experiment;
  std::optional<int64_t> point;
};

// NOT_FOUND says what there is not and the nearest that there is;
// INVALID_ARGUMENT for a prefix of several, and for a run's name where an
// experiment's is wanted or the other way round.
absl::StatusOr<ExperimentRef> FindExperimentNamed(store::Reader& reader,
                                                  absl::string_view name);
absl::StatusOr<RunRef> FindRunNamed(store::Reader& reader,
                                    absl::string_view name);
absl::StatusOr<TargetRef> FindTargetNamed(store::Reader& reader,
                                          absl::string_view name);

// "ada" of "users/ada"; a bare name stays as it is.
std::string Bare(absl::string_view name, absl::string_view collection);

}  // namespace engram
