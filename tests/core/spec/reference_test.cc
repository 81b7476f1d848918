#include "core/spec/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/spec/test_catalog.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

TEST(ReferenceTest, HasAnEntryForEveryTypeAndParameter) {
  const std::string page = RenderReference(TestCatalog());
  for (const ComponentSpec& spec : TestCatalog().specs()) {
    EXPECT_THAT(page, HasSubstr("### `" + spec.type + "`"));
    for (const ParameterSpec& parameter : spec.parameters) {
      EXPECT_THAT(page, HasSubstr("| `" + parameter.name + "` |"));
    }
  }
}

TEST(ReferenceTest, SaysWhatAParameterIs) {
  const std::string page = RenderReference(TestCatalog());
  EXPECT_THAT(page, HasSubstr("| `tau` | real | ms | `20` | (0, 1000] | "
                              "membrane time constant |"));
  EXPECT_THAT(page, HasSubstr("| `points` | list of lists of real | 1 | none "
                              "|"));
  EXPECT_THAT(page, HasSubstr("| `tau_plus` | real | s | required |"));
  EXPECT_THAT(page, HasSubstr("| `network` | network | `rate_rnn` |"));
  EXPECT_THAT(page, HasSubstr("| `weight_norm` | series over trial | 1 |"));
  EXPECT_THAT(page, HasSubstr("Source: doi:10.1103/PhysRevLett.61.259"));
  EXPECT_THAT(page, HasSubstr("\n## Analyses\n"));
}

}  // namespace
}  // namespace engram
