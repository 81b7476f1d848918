#pragma once

#include "client/cli/command/command.h"

// What keeps the service's data: `engram admin backup`, `check` and `gc`.
namespace engram::cli {

Command BackupVerb();
Command CheckVerbOfAdmin();
Command GarbageVerb();

}  // namespace engram::cli
