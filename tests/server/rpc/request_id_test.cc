#include "server/rpc/request_id.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "engram/v1/admin.grpc.pb.h"
#include "running_server.h"
#include "server/rpc/login_links.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

v1::CreateUserRequest User(const std::string& name, const std::string& id) {
  v1::CreateUserRequest request;
  request.set_name(name);
  request.set_request_id(id);
  return request;
}

class RequestIdTest : public testing::Test {
 protected:
  grpc::Status Create(const v1::CreateUserRequest& request, v1::User* reply) {
    auto stub = v1::Admin::NewStub(running_.InProcess());
    return stub->CreateUser(As(running_.admin_token()).get(), request, reply);
  }
  std::string AllFiles() {
    std::ostringstream all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             running_.folder() / "data")) {
      if (entry.is_regular_file() && entry.path().filename() != "admin.token") {
        all << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      }
    }
    return all.str();
  }

  RunningServer running_;
};

TEST_F(RequestIdTest, RepeatedGetsTheFirstAnswerEvenAfterARestart) {
  v1::User first, second, third;
  ASSERT_TRUE(Create(User("ada", "one"), &first).ok());
  ASSERT_TRUE(Create(User("ada", "one"), &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  running_.Restart();
  ASSERT_TRUE(Create(User("ada", "one"), &third).ok());
  EXPECT_EQ(first.SerializeAsString(), third.SerializeAsString());
}

TEST_F(RequestIdTest, OfAnotherRequestIsRefused) {
  v1::User reply;
  ASSERT_TRUE(Create(User("ada", "one"), &reply).ok());
  const grpc::Status status = Create(User("bob", "one"), &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(absl::StrContains(status.error_message(), "another request"));
  EXPECT_FALSE(Create(User("ada", "two"), &reply).ok());
}

TEST_F(RequestIdTest, MissingOrOddIsRefused) {
  v1::User reply;
  for (const std::string& id :
       {std::string(), std::string("a b"), std::string(65, 'a')}) {
    EXPECT_EQ(Create(User("ada", id), &reply).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
}

TEST_F(RequestIdTest, ConcurrentDuplicatesPerformOnce) {
  constexpr int kThreads = 8;
  std::vector<v1::User> replies(kThreads);
  std::vector<grpc::Status> statuses(kThreads);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back(
        [&, i] { statuses[i] = Create(User("ada", "one"), &replies[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < kThreads; ++i) {
    EXPECT_TRUE(statuses[i].ok()) << statuses[i].error_message();
    EXPECT_EQ(replies[i].SerializeAsString(), replies[0].SerializeAsString());
  }
}

TEST_F(RequestIdTest, EveryMutationLeavesAnAuditRow) {
  v1::User reply;
  ASSERT_TRUE(Create(User("ada", "one"), &reply).ok());
  const auto rows = running_.server().store().Read(
      [](store::Reader& reader)
          -> absl::StatusOr<std::vector<store::AuditRow>> {
        return store::ReadAudit(
            reader, {.user = "", .method = "engram.v1.Admin.CreateUser"}, 10);
      });
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().method, "engram.v1.Admin.CreateUser");
  EXPECT_EQ(rows->front().target, "users/ada");
  EXPECT_EQ(rows->front().request_id, "one");
  EXPECT_EQ(rows->front().user, "users/first");
}

TEST_F(RequestIdTest, ASecretIsToldAgainToItsBearerAndStoredNowhere) {
  v1::User user;
  ASSERT_TRUE(Create(User("ada", "one"), &user).ok());
  auto stub = v1::Admin::NewStub(running_.InProcess());
  v1::CreateTokenRequest request;
  request.set_user("ada");
  request.set_scope(v1::SCOPE_VIEWER);
  request.set_request_id("two");
  v1::CreateTokenResponse first, second;
  ASSERT_TRUE(
      stub->CreateToken(As(running_.admin_token()).get(), request, &first)
          .ok());
  ASSERT_TRUE(
      stub->CreateToken(As(running_.admin_token()).get(), request, &second)
          .ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  const std::string files = AllFiles();
  EXPECT_GT(files.size(), 10'000u);
  EXPECT_FALSE(absl::StrContains(files, first.secret().substr(7)));
  EXPECT_FALSE(absl::StrContains(files, running_.admin_token().substr(7)));
}

TEST_F(RequestIdTest, ALoginCodeIsToldAgainAndStoredNowhere) {
  running_.server().login_links().SetBaseUrl("http://127.0.0.1:7080");
  auto stub = v1::Admin::NewStub(running_.InProcess());
  v1::CreateLoginLinkRequest request;
  request.set_request_id("one");
  v1::CreateLoginLinkResponse first, second;
  for (auto* reply : {&first, &second}) {
    const auto context = As(running_.admin_token());
    ASSERT_TRUE(stub->CreateLoginLink(context.get(), request, reply).ok());
  }
  EXPECT_EQ(first.url(), second.url());
  const size_t code = first.url().find("engram_");
  ASSERT_NE(code, std::string::npos);
  const std::string files = AllFiles();
  EXPECT_TRUE(absl::StrContains(files, "http://127.0.0.1:7080/login?code="));
  EXPECT_FALSE(absl::StrContains(files, first.url().substr(code + 7)));
}

}  // namespace
}  // namespace engram
