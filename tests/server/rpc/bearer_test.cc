#include "server/rpc/bearer.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "google/rpc/error_details.pb.h"
#include "server/rpc/sealed_secret.h"

namespace engram {
namespace {

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload =
      status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (payload.has_value()) info.ParseFromString(std::string(*payload));
  return info.reason();
}

TEST(BearerTest, SecretsHave256BitsAndNeverRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string secret = NewSecret();
    EXPECT_EQ(secret.size(), 7u + 64u);
    EXPECT_TRUE(absl::StartsWith(secret, "engram_"));
    EXPECT_TRUE(seen.insert(secret).second);
  }
}

TEST(BearerTest, ReadsAUsersToken) {
  const std::string secret = NewSecret();
  const auto bearer = ReadBearer("Bearer " + secret);
  ASSERT_TRUE(bearer.ok());
  EXPECT_EQ(bearer->secret, secret);
  EXPECT_FALSE(bearer->is_worker);
}

TEST(BearerTest, TellsAWorkersTokenByItsForm) {
  const auto bearer = ReadBearer("Bearer " + std::string(64, 'a'));
  ASSERT_TRUE(bearer.ok());
  EXPECT_TRUE(bearer->is_worker);
}

TEST(BearerTest, SaysThatATokenIsMissingAndHowToGetOne) {
  const absl::Status status = ReadBearer(std::nullopt).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonOf(status), "TOKEN_MISSING");
  EXPECT_TRUE(
      absl::StrContains(status.message(), "engram admin tokens create"));
}

TEST(BearerTest, RefusesOtherFormsWithoutRepeatingThem) {
  const std::string secret = NewSecret();
  for (const std::string& header :
       {std::string(), secret, "Basic " + secret, "Bearer " + secret + "0",
        "Bearer engram_" + std::string(64, 'g'), std::string("Bearer ")}) {
    const absl::Status status = ReadBearer(header).status();
    EXPECT_EQ(ReasonOf(status), "TOKEN_MALFORMED") << header;
    EXPECT_FALSE(absl::StrContains(status.message(), secret));
  }
}

TEST(SealedSecretTest, OpensForTheSameBearerAlone) {
  const std::string secret = NewSecret();
  const std::string sealed = Seal(secret, "Bearer a", "request-1");
  EXPECT_FALSE(absl::StrContains(sealed, secret.substr(7)));
  const auto opened = Unseal(sealed, "Bearer a", "request-1");
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened, secret);
  EXPECT_EQ(Unseal(sealed, "Bearer b", "request-1").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Unseal(sealed, "Bearer a", "request-2").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace engram
