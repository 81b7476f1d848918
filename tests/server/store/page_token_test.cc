#include "server/store/page_token.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/listing.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::HasSubstr;

class PageTokenTest : public ::testing::Test {
 protected:
  std::string Make(Store& store, const std::string& query,
                   const std::vector<SqlValue>& position) {
    return Ask(store,
               [&](Reader& r) { return MakePageToken(r, query, position); });
  }
  absl::StatusOr<std::vector<SqlValue>> Read(Store& store,
                                             const std::string& query,
                                             const std::string& token) {
    return Ask(store,
               [&](Reader& r) { return ReadPageToken(r, query, token); });
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
};

TEST_F(PageTokenTest, CarriesAPositionOfAnyTypes) {
  const std::vector<SqlValue> position = {int64_t{-5}, 0.1, std::string("a\0b"),
                                          std::monostate()};
  const auto read = Read(*store_, "q", Make(*store_, "q", position));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, position);
}

TEST_F(PageTokenTest, OutlivesARestart) {
  const std::string token = Make(*store_, "q", {int64_t{1}});
  store_.reset();
  store_ = folder_.Open();
  EXPECT_TRUE(Read(*store_, "q", token).ok());
}

TEST_F(PageTokenTest, RefusesEveryChangedLetter) {
  const std::string token = Make(*store_, "q", {int64_t{1}});
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char letter : {'A', 'B', 'c', '7', '-', '_'}) {
      std::string forged = token;
      forged[i] = letter;
      if (forged == token) continue;
      EXPECT_EQ(Read(*store_, "q", forged).status().code(),
                absl::StatusCode::kInvalidArgument)
          << forged;
    }
  }
  for (const char* forged :
       {"", "A", "not base 64 !", "AAAAAAAAAAAAAAAAAAAAAA"})
    EXPECT_THAT(Read(*store_, "q", forged).status().message(),
                HasSubstr("not one that this server gave"));
  for (const std::string& spelled : {token + "=", token + " ", " " + token})
    EXPECT_EQ(Read(*store_, "q", spelled).status().code(),
              absl::StatusCode::kInvalidArgument);
}

TEST_F(PageTokenTest, RefusesAnotherServersToken) {
  StoreFolder elsewhere;
  const std::string token = Make(*elsewhere.Open(), "q", {int64_t{1}});
  EXPECT_THAT(Read(*store_, "q", token).status().message(),
              HasSubstr("not one that this server gave"));
}

TEST_F(PageTokenTest, RefusesTheTokenOfAnotherFilterOrOrder) {
  SubmitSome(*store_, 'a', 3);
  const auto list = [&](const ListQuery& query) {
    return Ask(*store_,
               [&](Reader& r) { return ListRuns(r, std::nullopt, query); });
  };
  const std::string token = list({.page_size = 1})->next_page_token;
  ASSERT_NE(token, "");
  EXPECT_TRUE(list({.page_size = 2, .page_token = token}).ok());
  EXPECT_THAT(
      list({.filter = "seed > 1", .page_token = token}).status().message(),
      HasSubstr("another parent, filter or order"));
  EXPECT_FALSE(list({.order_by = "seed", .page_token = token}).ok());
}

}  // namespace
}  // namespace engram::store
