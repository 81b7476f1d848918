#pragma once

#include <string>

#include "client/cli/live/board.h"
#include "client/cli/wire/client.h"

namespace engram::cli {

// Reads what runs had recorded before they were watched, so that their charts
// do not start empty: of the first few runs that have begun, the series over
// their ticks (or `metric` alone), thinned by the server. What cannot be read
// stays empty.
void FillCharts(Client& client, const std::string& metric, Board* board);

}  // namespace engram::cli
