#include "server/rpc/login_links.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engram/v1/admin.grpc.pb.h"
#include "running_server.h"
#include "server/rpc/tokens.h"
#include "server/store/store.h"
#include "server/store/token_table.h"

namespace engram {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr char kPeer[] = "http:127.0.0.1:40112";

class LoginLinksTest : public testing::Test {
 protected:
  LoginLinksTest() {
    caller_.user = "users/admin";
    caller_.scope = v1::SCOPE_SUBMITTER;
    caller_.token = "tokens/1";  // the first admin's
  }
  // Whom the session's token speaks for.
  absl::StatusOr<Caller> Check(const std::string& secret) {
    return tokens_->Check(absl::StrCat("Bearer ", secret));
  }

  RunningServer running_;
  int64_t now_us_ = int64_t{1'700'000'000} * kSecond;
  std::unique_ptr<Tokens> tokens_ =
      Tokens::Open(running_.server().store(), running_.server().worker_tokens(),
                   [this] { return now_us_; })
          .value();
  LoginLinks links_{running_.server().store(), *tokens_,
                    [this] { return now_us_; }};
  Caller caller_;
};

TEST_F(LoginLinksTest, CodeGivesASessionOfItsMakerOnce) {
  const std::string code = links_.Make(caller_)->text;
  const auto session = links_.Redeem(code, kPeer);
  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_EQ(session->life_s, 7 * 86'400);
  const auto caller = Check(session->secret);
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->user, "users/admin");
  EXPECT_EQ(caller->scope, v1::SCOPE_SUBMITTER);
  EXPECT_EQ(links_.Redeem(code, kPeer).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(LoginLinksTest, CodeIsNoTokenAndTheTokenNoCode) {
  const std::string code = links_.Make(caller_)->text;
  EXPECT_FALSE(Check(code).ok());
  const auto session = links_.Redeem(code, kPeer);
  EXPECT_EQ(links_.Redeem(session->secret, kPeer).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(LoginLinksTest, CodeDiesAfterTenMinutes) {
  const auto young = links_.Make(caller_), old = links_.Make(caller_);
  EXPECT_EQ(young->expire_us, now_us_ + 600 * kSecond);
  now_us_ += 600 * kSecond - 1;
  EXPECT_TRUE(links_.Redeem(young->text, kPeer).ok());
  now_us_ += 1;
  EXPECT_EQ(links_.Redeem(old->text, kPeer).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(LoginLinksTest, SessionEndsWithItsLifeAndWithItsMakersToken) {
  const auto session = links_.Redeem(links_.Make(caller_)->text, kPeer);
  caller_.expire_us = now_us_ + 30 * kSecond;
  const auto short_one = links_.Redeem(links_.Make(caller_)->text, kPeer);
  EXPECT_EQ(short_one->life_s, 30);
  now_us_ += 31 * kSecond;
  EXPECT_FALSE(Check(short_one->secret).ok());
  EXPECT_TRUE(Check(session->secret).ok());
  now_us_ += 7 * 86'400 * kSecond;
  EXPECT_FALSE(Check(session->secret).ok());
}

TEST_F(LoginLinksTest, CodeDiesWithTheTokenThatMadeIt) {
  const std::string code = links_.Make(caller_)->text;
  tokens_->Revoke(1, now_us_);
  const auto session = links_.Redeem(code, kPeer);
  EXPECT_EQ(session.status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(absl::StrContains(session.status().message(), "revoked"));
}

TEST_F(LoginLinksTest, EndRevokesTheSession) {
  const auto session = links_.Redeem(links_.Make(caller_)->text, kPeer);
  EXPECT_TRUE(links_.End(session->secret, kPeer).ok());
  EXPECT_TRUE(absl::StrContains(
      std::string(Check(session->secret).status().message()), "revoked"));
  EXPECT_TRUE(links_.End(session->secret, kPeer).ok());
  EXPECT_TRUE(links_.End("nobody's", kPeer).ok());
}

TEST_F(LoginLinksTest, EndLeavesOtherTokensAlone) {
  EXPECT_TRUE(links_.End(running_.admin_token(), kPeer).ok());
  EXPECT_TRUE(Check(running_.admin_token()).ok());
}

TEST_F(LoginLinksTest, UnusedCodesAreBoundedAUser) {
  for (int i = 0; i < 16; ++i) EXPECT_TRUE(links_.Make(caller_).ok());
  EXPECT_EQ(links_.Make(caller_).status().code(),
            absl::StatusCode::kResourceExhausted);
  caller_.user = "users/ada";
  EXPECT_TRUE(links_.Make(caller_).ok());
  caller_.user = "users/admin";
  now_us_ += 600 * kSecond;
  EXPECT_TRUE(links_.Make(caller_).ok());
}

TEST_F(LoginLinksTest, CallAnswersALinkBelowTheServersAddress) {
  auto stub = v1::Admin::NewStub(running_.InProcess());
  v1::CreateLoginLinkRequest request;
  v1::CreateLoginLinkResponse reply;
  request.set_request_id(FreshId());
  const grpc::Status off =
      stub->CreateLoginLink(As(running_.admin_token()).get(), request, &reply);
  EXPECT_EQ(off.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(absl::StrContains(off.error_message(), "--http-listen"));

  LoginLinks& links = running_.server().login_links();
  links.SetBaseUrl("http://127.0.0.1:7080");
  request.set_request_id(FreshId());
  ASSERT_TRUE(
      stub->CreateLoginLink(As(running_.admin_token()).get(), request, &reply)
          .ok());
  const std::string start = "http://127.0.0.1:7080/login?code=";
  ASSERT_EQ(reply.url().substr(0, start.size()), start);
  EXPECT_TRUE(links.Redeem(reply.url().substr(start.size()), kPeer).ok());
}

}  // namespace
}  // namespace engram
