#include "server/executor/worker_tokens.h"

#include "gtest/gtest.h"

namespace engram {
namespace {

TEST(WorkerTokensTest, TokenSaysWhoseItIs) {
  WorkerTokens tokens;
  const std::string three = tokens.Make(3);
  const std::string four = tokens.Make(4);
  EXPECT_EQ(three.size(), 64u);
  EXPECT_EQ(three.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(three, four);
  EXPECT_EQ(tokens.Find(three), 3);
  EXPECT_EQ(tokens.Find(four), 4);
}

TEST(WorkerTokensTest, ADigestIsEnoughToKnowAToken) {
  WorkerTokens former;
  const std::string token = former.Make(4);
  WorkerTokens next;
  EXPECT_EQ(next.Find(token), std::nullopt);
  next.Add(4, WorkerTokens::Digest(token));
  EXPECT_EQ(next.Find(token), 4);
  EXPECT_EQ(next.Find(WorkerTokens::Digest(token)), std::nullopt);
}

TEST(WorkerTokensTest, UnknownAndEndedTokensAreNobodys) {
  WorkerTokens tokens;
  const std::string token = tokens.Make(3);
  EXPECT_EQ(tokens.Find(""), std::nullopt);
  EXPECT_EQ(tokens.Find(token.substr(1)), std::nullopt);
  tokens.End(3);
  EXPECT_EQ(tokens.Find(token), std::nullopt);
}

}  // namespace
}  // namespace engram
