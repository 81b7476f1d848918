#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/command/command.h"
#include "client/cli/session.h"

namespace engram::cli {

// Which experiment a user means, and what is changed in it.
struct SourceFlags {
  std::string source;
  std::vector<std::string> set;
  std::vector<std::string> sweep;
  std::string seeds;
};

// The positional SOURCE and --set, --sweep, --seeds.
std::vector<Argument> SourceArguments(SourceFlags* flags);

// The text of a file, of standard input for "-", or a preset's name. The file
// is not parsed: the server does that for every client alike.
absl::StatusOr<v1::ExperimentSource> ReadSource(Session& session,
                                                const SourceFlags& flags);

}  // namespace engram::cli
