#pragma once

#include <cstddef>
#include <span>

namespace engram {

// Lets the operating system hold memory that is read here and there in pages of
// 2 MiB, where it can: fewer addresses have to be looked up. For memory that
// has been written. Changes no content, and nothing where it cannot be done.
void PreferHugePages(std::span<const std::byte> memory);

}  // namespace engram
