#pragma once

#include <string>
#include <vector>

#include "client/cli/live/board.h"
#include "client/cli/text/look.h"

namespace engram::cli {

// A header and a line for each group of runs that are equal but for the seed:
// what they have in common, a bar, and the mean of their first summary values
// with its standard deviation.
std::string GroupRows(const Board& board, const Look& look);

}  // namespace engram::cli
