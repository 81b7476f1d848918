#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/programs/execution.h"

namespace engram {

// "r1:" and the SHA-256 in hex of these lines, each ended by a line feed:
//
//   summary NAME UNIT VALUE     sorted by name; VALUE as 16 hex digits of its
//                               bits, or "absent REASON"
//   array PATH TYPE ORDER EXTENTS DIGEST   sorted by path; EXTENTS joined by x,
//                               DIGEST the SHA-256 of the array's bytes
std::string HashResult(
    const std::map<std::string, Execution::SummaryValue>& summary,
    const std::vector<Execution::NamedArray>& state);

}  // namespace engram
