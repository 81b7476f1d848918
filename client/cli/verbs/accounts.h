#pragma once

#include "client/cli/command/command.h"

// Who may use the service, and how much of it.
namespace engram::cli {

Command UsersVerb();
Command TokensVerb();
Command QuotaVerb();
Command AuditVerb();

}  // namespace engram::cli
