#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace engram::cli {

class Session;

// What the shell may offer for a value.
enum class Completes {
  kNothing,
  kFile,
  kExperiment,
  kRun,
  kExperimentOrRun,
  kPreset,
  kPresetOrFile,
  kComponentType,
  kDataset,
  kUser,
};

// One option, flag or positional of a command, and where its value goes.
struct Argument {
  using Target = std::variant<bool*, std::string*, std::vector<std::string>*,
                              int64_t*, double*>;

  std::string flags;  // "-t,--tag"; a positional's name has no dash: "RUN"
  std::string value;  // what the value is called: "TAG"; empty for a flag
  std::string help;
  Target target;
  bool required = false;
  Completes completes = Completes::kNothing;
  std::vector<std::string> choices = {};

  bool is_positional() const { return flags[0] != '-'; }
  bool takes_value() const { return !std::holds_alternative<bool*>(target); }
  bool repeats() const {
    return std::holds_alternative<std::vector<std::string>*>(target);
  }
};

struct Example {
  std::string command;
  std::string meaning;
};

// A verb: its command line, which parsing, help, manual pages and completion
// all read, and what it does. Gives the exit code.
struct Command {
  std::string name;
  std::string summary;  // one line, without a full stop
  std::string details;  // for the manual page; paragraphs part at "\n\n"
  std::vector<Argument> arguments = {};
  std::vector<Example> examples = {};
  std::function<absl::StatusOr<int>(Session&)> run = nullptr;
  // With subcommands a command does nothing by itself.
  std::vector<Command> subcommands = {};
  std::string group = "";   // heading in `engram --help`
  bool writes_npy = false;  // knows `-o npy`, too
};

}  // namespace engram::cli
