#include "core/programs/state_array.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

TEST(StateArrayTest, SizesAndNamesOfElements) {
  EXPECT_EQ(ElementSize(ElementTypeOf<double>()), 8);
  EXPECT_EQ(ElementSize(ElementTypeOf<float>()), 4);
  EXPECT_EQ(ElementSize(ElementTypeOf<int32_t>()), 4);
  EXPECT_EQ(ElementSize(ElementTypeOf<uint8_t>()), 1);
  EXPECT_EQ(ElementTypeName(ElementType::kInt64), "int64");
  const std::vector<int64_t> shape = {3, 5};
  EXPECT_EQ(ByteSize(ElementType::kFloat32, shape), 60);
}

TEST(StateArrayTest, BytesAreTheArraysOwn) {
  Array<int64_t> a(3);
  const StateArray state = StateOf(a, "1");
  EXPECT_EQ(state.shape, std::vector<int64_t>{3});
  EXPECT_EQ(static_cast<void*>(state.bytes.data()),
            static_cast<void*>(a.data()));
  EXPECT_EQ(state.bytes.size(), 24u);
}

}  // namespace
}  // namespace engram
