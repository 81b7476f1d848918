#pragma once

#include <cstdint>
#include <string>

namespace engram {

// Bytes as people say them in a sentence: "288 GB", "1.5 MB", "12 B".
std::string SizeText(int64_t bytes);

}  // namespace engram
