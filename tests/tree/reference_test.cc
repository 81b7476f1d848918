#include "core/spec/reference.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "core/programs/builtin.h"

namespace engram {
namespace {

TEST(ReferenceTest, CommittedReferenceIsThatOfTheCatalog) {
  std::ifstream in(ENGRAM_SOURCE_DIR "/docs/components.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, RenderReference(BuiltinCatalog()))
      << "write it anew: ninja -C build/<preset> reference";
}

}  // namespace
}  // namespace engram
