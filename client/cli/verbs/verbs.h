#pragma once

#include "client/cli/command/command.h"

// Every verb of the program, one file each.
namespace engram::cli {

Command AdminVerb();
Command CancelVerb();
Command CatalogVerb();
Command CheckVerb();
Command CompareVerb();
Command CompletionVerb();
Command ContinueVerb();
Command DatasetsVerb();
Command DeleteVerb();
Command ExportVerb();
Command GetVerb();
Command ListVerb();
Command LoginVerb();
Command LogsVerb();
Command MetricsVerb();
Command PresetsVerb();
Command QueueVerb();
Command RetryVerb();
Command SnapshotsVerb();
Command SpikesVerb();
Command SubmitVerb();
Command TagVerb();
Command ValidateVerb();
Command VerifyVerb();
Command WatchVerb();
Command WhyVerb();
Command WorkersVerb();

}  // namespace engram::cli
