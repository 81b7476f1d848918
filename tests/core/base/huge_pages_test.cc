#include "core/base/huge_pages.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace engram {
namespace {

std::vector<uint32_t> Numbers(size_t size) {
  std::vector<uint32_t> numbers(size);
  for (size_t k = 0; k < size; ++k) {
    numbers[k] = static_cast<uint32_t>(k * 2654435761U);
  }
  return numbers;
}

// Where pages come together depends on the machine; what they hold does not.
TEST(HugePagesTest, ChangeNoContent) {
  for (const size_t size : {0, 1, 1000, 1 << 20, (5 << 20) / 4 + 3}) {
    std::vector<uint32_t> numbers = Numbers(size);
    PreferHugePages(std::as_bytes(std::span(numbers)));
    EXPECT_EQ(numbers, Numbers(size)) << size;
  }
}

TEST(HugePagesTest, MemoryStaysWritableAndItsNeighboursUntouched) {
  std::vector<uint32_t> numbers = Numbers(3 << 20);
  PreferHugePages(
      std::as_bytes(std::span(numbers).subspan(17, numbers.size() - 40)));
  numbers[17] = 1;
  numbers[numbers.size() / 2] = 2;
  std::vector<uint32_t> wanted = Numbers(3 << 20);
  wanted[17] = 1;
  wanted[wanted.size() / 2] = 2;
  EXPECT_EQ(numbers, wanted);
}

}  // namespace
}  // namespace engram
