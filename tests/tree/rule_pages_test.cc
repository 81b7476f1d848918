// What docs/rules.md and its figures show is what the rules do.

#include "docs/rule_pages.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/rules/catalog.h"
#include "docs/rule_figures.h"

namespace engram {
namespace {

const char kHowTo[] = "write it anew: ninja -C build/<preset> rule_pages";

std::string Committed(const std::string& name) {
  std::ifstream in(std::string(ENGRAM_SOURCE_DIR "/docs/") + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> RuleTypes() {
  std::vector<std::string> types;
  for (const RuleRow& row : RuleRows()) types.push_back(row.spec.type);
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

TEST(RulePagesTest, CommittedPageIsThatOfTheCatalog) {
  EXPECT_EQ(Committed("rules.md"), RenderRulePage()) << kHowTo;
}

TEST(RulePagesTest, EveryFigureIsOfARuleOrPart) {
  std::vector<std::string> types = RuleTypes();
  types.push_back("eligibility_trace");
  for (const auto& entry :
       std::filesystem::directory_iterator(ENGRAM_SOURCE_DIR "/docs/rules")) {
    const std::string name = entry.path().stem().string();
    EXPECT_NE(std::ranges::find(types, name), types.end()) << entry.path();
  }
}

TEST(RulePagesTest, CommittedFigureOfTheEligibilityIsWhatItDraws) {
  EXPECT_EQ(Committed("rules/eligibility_trace.svg"), EligibilityFigure())
      << kHowTo;
}

class RuleFigureTest : public testing::TestWithParam<std::string> {};

TEST_P(RuleFigureTest, CommittedFigureIsWhatTheRuleDraws) {
  EXPECT_EQ(Committed("rules/" + GetParam() + ".svg"), RuleFigure(GetParam()))
      << kHowTo;
}

INSTANTIATE_TEST_SUITE_P(Rules, RuleFigureTest, testing::ValuesIn(RuleTypes()),
                         ParamName);

}  // namespace
}  // namespace engram
