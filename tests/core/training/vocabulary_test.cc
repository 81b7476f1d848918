#include "core/tasks/supervised/vocabulary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(ForEachWordTest, WhiteSpacePartsWordsAndEveryLineEnds) {
  std::vector<std::pair<std::string, int64_t>> words;
  ForEachWord(" a\tb \r\n\n c", [&](std::string_view word, int64_t line) {
    words.emplace_back(word, line);
  });
  EXPECT_THAT(words,
              ElementsAre(Pair("a", 1), Pair("b", 1), Pair("<eos>", 1),
                          Pair("<eos>", 2), Pair("c", 3), Pair("<eos>", 3)));
}

TEST(ForEachWordTest, AnEmptyTextHasNone) {
  ForEachWord("", [&](std::string_view, int64_t) { FAIL(); });
}

TEST(VocabularyTest, TheMostFrequentWordsComeFirst) {
  constexpr char kText[] = "b a a\na c b\n";
  const auto vocabulary = Vocabulary::Of(kText, 4, Vocabulary::Rare::kRefused);
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_EQ(vocabulary->size(), 4);
  // a three times, b and <eos> twice, c once.
  EXPECT_THAT(*vocabulary->Encode(kText), ElementsAre(1, 0, 0, 2, 0, 3, 1, 2));
}

TEST(VocabularyTest, MoreWordsThanItHoldsAreRefusedWithTheirNumber) {
  const auto vocabulary =
      Vocabulary::Of("a b c d\n", 4, Vocabulary::Rare::kRefused);
  EXPECT_THAT(std::string(vocabulary.status().message()),
              HasSubstr("has 5 different words, <eos> among them, and "
                        "vocabulary = 4; make it 5"));
}

TEST(VocabularyTest, TheRarestBecomeUnknown) {
  constexpr char kText[] = "a a b b c\nd a\n";
  const auto vocabulary = Vocabulary::Of(kText, 4, Vocabulary::Rare::kReplaced);
  ASSERT_TRUE(vocabulary.ok());
  // a, b, <eos>, and <unk> for c and d.
  EXPECT_THAT(*vocabulary->Encode(kText),
              ElementsAre(0, 0, 1, 1, 3, 2, 3, 0, 2));
  EXPECT_THAT(*vocabulary->Encode("other a"), ElementsAre(3, 0, 2));
}

TEST(VocabularyTest, AnUnknownWordThatTheTextHasKeepsItsPlace) {
  constexpr char kText[] = "<unk> <unk> a a a b c <unk>\n";
  const auto vocabulary = Vocabulary::Of(kText, 3, Vocabulary::Rare::kReplaced);
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_THAT(*vocabulary->Encode("<unk> a b c"), ElementsAre(0, 1, 2, 0, 0));
}

TEST(VocabularyTest, AWordThatTrainingLacksIsNamedWithItsLine) {
  const auto vocabulary =
      Vocabulary::Of("a b\n", 10, Vocabulary::Rare::kRefused);
  const auto numbers = vocabulary->Encode("a\nb zebra\n");
  EXPECT_THAT(std::string(numbers.status().message()),
              HasSubstr("the word zebra in line 2"));
}

}  // namespace
}  // namespace engram
