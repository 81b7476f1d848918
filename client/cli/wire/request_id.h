#pragma once

#include <string>

namespace engram::cli {

// A random UUID, version 4.
std::string NewRequestId();

}  // namespace engram::cli
