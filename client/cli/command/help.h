#pragma once

#include <string>
#include <vector>

#include "client/cli/command/command.h"
#include "client/cli/text/look.h"

namespace engram::cli {

// "engram submit [options] [SOURCE]".
std::string Synopsis(const Command& command, const std::string& full_name);

// "-t, --tag TAG".
std::string FlagsText(const Argument& argument);

// What `engram --help` prints: the verbs by group.
std::string OverviewText(const Command& root,
                         const std::vector<Argument>& globals,
                         const Look& look);

// What `engram VERB --help` prints.
std::string HelpText(const Command& command, const std::string& full_name,
                     const std::vector<Argument>& globals, const Look& look);

}  // namespace engram::cli
