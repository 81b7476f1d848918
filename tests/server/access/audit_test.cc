// What the audit knows of every call that changes something.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "any_call.h"
#include "engram/v1/admin.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "running_server.h"
#include "server/gateway/gateway.h"
#include "server/rpc/access.h"
#include "server/rpc/login_links.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"
#include "tests/support/test_certificate.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

using Rows = std::vector<store::AuditRow>;

Rows AllRows(RunningServer& running) {
  const auto rows = running.server().store().Read(
      [](store::Reader& reader) -> absl::StatusOr<Rows> {
        return store::ReadAudit(reader, {}, 1'000'000);
      });
  EXPECT_TRUE(rows.ok()) << rows.status();
  return *rows;
}

// Puts a request id where the request has room for one, at the top or in the
// first message of a stream.
void SetRequestId(google::protobuf::Message& request, const std::string& id) {
  const auto* descriptor = request.GetDescriptor();
  const auto* reflection = request.GetReflection();
  if (const auto* field = descriptor->FindFieldByName("request_id")) {
    return reflection->SetString(&request, field, id);
  }
  const auto* start = descriptor->FindFieldByName("start");
  ASSERT_NE(start, nullptr) << descriptor->full_name();
  SetRequestId(*reflection->MutableMessage(&request, start), id);
}

std::string NameOfCode(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

std::vector<std::string> MutatingMethods() {
  std::vector<std::string> methods;
  for (const std::string& method : AllMethods()) {
    if (FindAccess(method)->mutation()) methods.push_back(method);
  }
  return methods;
}

class AuditTest : public testing::Test {
 protected:
  AuditTest() : admin_(v1::Admin::NewStub(running_.Tcp())) {}

  std::string Bearer() const { return "Bearer " + running_.admin_token(); }
  // The call's answer, after a check that it left one entry, which is given.
  Answer CallOnce(const std::string& method, const std::string& bearer,
                  const google::protobuf::Message& request,
                  store::AuditRow* entry) {
    const size_t before = AllRows(running_).size();
    const Answer answer = CallByGrpc(running_.Tcp(), method, bearer, request);
    const Rows after = AllRows(running_);
    EXPECT_EQ(after.size(), before + 1) << method << ": " << answer.message;
    *entry = after.front();
    EXPECT_EQ(entry->method, method);
    EXPECT_EQ(entry->outcome, NameOfCode(answer.code)) << answer.message;
    EXPECT_THAT(entry->peer, StartsWith("ipv4:127.0.0.1:")) << method;
    EXPECT_GT(entry->time_us, int64_t{1'700'000'000} * 1'000'000);
    return answer;
  }
  v1::ListAuditEntriesResponse List(const v1::ListAuditEntriesRequest& asked) {
    v1::ListAuditEntriesResponse reply;
    const grpc::Status status = admin_->ListAuditEntries(
        As(running_.admin_token()).get(), asked, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  grpc::Status CreateUser(const std::string& name, const std::string& id) {
    v1::CreateUserRequest request;
    request.set_name(name);
    request.set_request_id(id);
    v1::User reply;
    return admin_->CreateUser(As(running_.admin_token()).get(), request,
                              &reply);
  }

  RunningServer running_;
  std::unique_ptr<v1::Admin::Stub> admin_;
};

TEST_F(AuditTest, EveryMutatingMethodLeavesOneEntryWhenItsCallerIsNobody) {
  for (const std::string& method : MutatingMethods()) {
    store::AuditRow entry;
    CallOnce(method, "", *RequestFor(method), &entry);
    EXPECT_EQ(entry.outcome, "UNAUTHENTICATED") << method;
    EXPECT_EQ(entry.user, "") << method;
    EXPECT_EQ(entry.token, "") << method;
  }
}

TEST_F(AuditTest, EveryMutatingMethodLeavesOneEntryWhenItsScopeIsTooWeak) {
  const std::string viewer =
      "Bearer " + running_.MakeToken("eve", v1::SCOPE_VIEWER);
  for (const std::string& method : MutatingMethods()) {
    if (Includes(v1::SCOPE_VIEWER, FindAccess(method)->scope())) continue;
    store::AuditRow entry;
    CallOnce(method, viewer, *RequestFor(method), &entry);
    EXPECT_EQ(entry.outcome, "PERMISSION_DENIED") << method;
    EXPECT_EQ(entry.user, "users/eve") << method;
    EXPECT_THAT(entry.token, StartsWith("tokens/")) << method;
  }
}

TEST_F(AuditTest, EveryMutatingMethodLeavesOneEntryHoweverItEnds) {
  int succeeded = 0;
  for (const std::string& method : MutatingMethods()) {
    const auto request = RequestFor(method);
    const std::string id = FreshId();
    SetRequestId(*request, id);
    store::AuditRow entry;
    const Answer answer = CallOnce(method, Bearer(), *request, &entry);
    EXPECT_EQ(entry.user, "users/first") << method;
    EXPECT_EQ(entry.token, "tokens/1") << method;
    EXPECT_EQ(entry.request_id, id) << method;
    succeeded += answer.code == grpc::StatusCode::OK ? 1 : 0;
  }
  // Some need nothing but a request id: Drain, Backup, CollectGarbage.
  EXPECT_GE(succeeded, 3);
}

TEST_F(AuditTest, SaysWhatWasChanged) {
  ASSERT_TRUE(CreateUser("ada", "one").ok());
  EXPECT_EQ(AllRows(running_).front().target, "users/ada");
  v1::CreateTokenRequest token;
  token.set_user("ada");
  token.set_scope(v1::SCOPE_VIEWER);
  token.set_request_id("two");
  v1::CreateTokenResponse made;
  ASSERT_TRUE(
      admin_->CreateToken(As(running_.admin_token()).get(), token, &made).ok());
  EXPECT_EQ(AllRows(running_).front().target, made.token().name());
  v1::RevokeTokenRequest revoke;
  revoke.set_name(made.token().name());
  revoke.set_request_id("three");
  v1::RevokeTokenResponse revoked;
  ASSERT_TRUE(
      admin_->RevokeToken(As(running_.admin_token()).get(), revoke, &revoked)
          .ok());
  EXPECT_EQ(AllRows(running_).front().target, made.token().name());
  EXPECT_EQ(AllRows(running_).front().method, "engram.v1.Admin.RevokeToken");
}

TEST_F(AuditTest, RepeatedRequestsAndTrialsLeaveNoEntry) {
  ASSERT_TRUE(CreateUser("ada", "one").ok());
  const size_t before = AllRows(running_).size();
  ASSERT_TRUE(CreateUser("ada", "one").ok());
  v1::CollectGarbageRequest trial;
  trial.set_dry_run(true);
  v1::CollectGarbageResponse counted;
  ASSERT_TRUE(
      admin_->CollectGarbage(As(running_.admin_token()).get(), trial, &counted)
          .ok());
  EXPECT_THAT(AllRows(running_), SizeIs(before));
}

TEST_F(AuditTest, ReadingLeavesNoEntryEvenWhenItIsRefused) {
  const size_t before = AllRows(running_).size();
  for (const std::string& method : AllMethods()) {
    if (FindAccess(method)->mutation()) continue;
    CallByGrpc(running_.Tcp(), method, "", *RequestFor(method));
    CallByGrpc(running_.Tcp(), method, Bearer(), *RequestFor(method));
  }
  EXPECT_THAT(AllRows(running_), SizeIs(before));
}

TEST_F(AuditTest, FloodOfRefusalsIsBoundedAndLocksNobodyOut) {
  const auto request = RequestFor("engram.v1.Admin.CreateUser");
  const size_t before = AllRows(running_).size();
  for (int i = 0; i < 200; ++i) {
    const Answer answer =
        CallByGrpc(running_.Tcp(), "engram.v1.Admin.CreateUser",
                   "Bearer engram_" + std::string(64, '0'), *request);
    ASSERT_EQ(answer.code, grpc::StatusCode::UNAUTHENTICATED);
  }
  const size_t written = AllRows(running_).size() - before;
  EXPECT_GE(written, 60u);
  EXPECT_LT(written, 150u);
  EXPECT_TRUE(CreateUser("ada", "one").ok());
}

TEST_F(AuditTest, LoginsAndLogoutsOfBrowsersAreInIt) {
  LoginLinks& links = running_.server().login_links();
  Caller caller;
  caller.user = "users/first";
  caller.scope = v1::SCOPE_ADMIN;
  caller.token = "tokens/1";
  const std::string peer = "https:10.0.0.7:40112";
  const auto session = links.Redeem(links.Make(caller)->text, peer);
  ASSERT_TRUE(session.ok()) << session.status();
  ASSERT_TRUE(links.End(session->secret, peer).ok());
  // Ended once, it cannot be ended again.
  ASSERT_TRUE(links.End(session->secret, peer).ok());
  EXPECT_FALSE(links.Redeem("guess", peer).ok());
  const Rows rows = AllRows(running_);
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[0].method, "login");
  EXPECT_EQ(rows[0].outcome, "NOT_FOUND");
  EXPECT_EQ(rows[0].user, "");
  EXPECT_EQ(rows[1].method, "logout");
  EXPECT_EQ(rows[1].target, rows[2].target);
  EXPECT_EQ(rows[2].method, "login");
  EXPECT_EQ(rows[2].outcome, "OK");
  EXPECT_EQ(rows[2].user, "users/first");
  EXPECT_EQ(rows[2].token, "tokens/1");
  EXPECT_EQ(rows[2].target, "tokens/2");
  EXPECT_EQ(rows[2].peer, peer);
  EXPECT_EQ(rows[3].method, "first start");
}

TEST_F(AuditTest, ListIsPagedNewestFirstAndFiltered) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(CreateUser(absl::StrCat("user", i), FreshId()).ok());
  }
  v1::ListAuditEntriesRequest request;
  request.set_page_size(2);
  request.set_method("CreateUser");
  std::vector<std::string> seen;
  do {
    const v1::ListAuditEntriesResponse page = List(request);
    EXPECT_LE(page.entries_size(), 2);
    for (const auto& entry : page.entries()) seen.push_back(entry.resource());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("users/user4", "users/user3", "users/user2",
                                "users/user1", "users/user0"));

  v1::ListAuditEntriesRequest others;
  others.set_user("ada");
  EXPECT_EQ(List(others).entries_size(), 0);
  others.set_user("users/first");
  EXPECT_EQ(List(others).entries_size(), 6);  // and the first start
  others.mutable_until_time()->set_seconds(1'000'000);
  EXPECT_EQ(List(others).entries_size(), 0);
  others.clear_until_time();
  others.mutable_from_time()->set_seconds(int64_t{1} << 35);
  EXPECT_EQ(List(others).entries_size(), 0);
  others.clear_from_time();
  others.set_method("engram.v1.Admin.CreateUser");
  EXPECT_EQ(List(others).entries_size(), 5);
}

TEST_F(AuditTest, ListRefusesMethodsThatChangeNothingAndForeignTokens) {
  v1::ListAuditEntriesRequest request;
  v1::ListAuditEntriesResponse reply;
  request.set_method("CreateUsr");
  const grpc::Status unknown = admin_->ListAuditEntries(
      As(running_.admin_token()).get(), request, &reply);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(unknown.error_message(), HasSubstr("did you mean CreateUser?"));
  for (const char* method : {"GetRun", "engram.v1.Admin.WhoAmI", "'; DROP"}) {
    request.set_method(method);
    EXPECT_EQ(admin_
                  ->ListAuditEntries(As(running_.admin_token()).get(), request,
                                     &reply)
                  .error_code(),
              grpc::StatusCode::INVALID_ARGUMENT)
        << method;
  }
  request.clear_method();
  request.set_page_token("AAAA");
  EXPECT_EQ(
      admin_
          ->ListAuditEntries(As(running_.admin_token()).get(), request, &reply)
          .error_code(),
      grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AuditTest, SaysByWhatACallCame) {
  std::string pattern = testing::TempDir() + "/audit-tls-XXXXXX";
  const std::filesystem::path folder = mkdtemp(pattern.data());
  const TestCertificate made = MakeTestCertificate(folder);
  RunningServer tls({made.cert, made.key});
  const std::string method = "engram.v1.Admin.Drain";
  const auto peer_of = [&](RunningServer& running, const auto& call) {
    const auto request = RequestFor(method);
    SetRequestId(*request, FreshId());
    const Answer answer = call("Bearer " + running.admin_token(), *request);
    EXPECT_EQ(answer.code, grpc::StatusCode::OK) << answer.message;
    return AllRows(running).front().peer;
  };
  const auto by_grpc = [&](const std::shared_ptr<grpc::Channel>& channel) {
    return [&, channel](const std::string& bearer,
                        const google::protobuf::Message& request) {
      return CallByGrpc(channel, method, bearer, request);
    };
  };
  const auto by_http = [&](RunningServer& running, const TlsFiles& files) {
    Gateway::Options options;
    options.port = 0;
    options.tls = files;
    options.channel = running.InProcess();
    std::shared_ptr<Gateway> gateway = *Gateway::Start(std::move(options));
    return [&, gateway, files](const std::string& bearer,
                               const google::protobuf::Message& request) {
      return CallByHttp(gateway->port(), files.cert, Encoding::kJson, method,
                        bearer, request);
    };
  };
  EXPECT_THAT(peer_of(tls, by_grpc(tls.Tcp())),
              StartsWith("tls+ipv4:127.0.0.1:"));
  EXPECT_THAT(peer_of(running_, by_grpc(grpc::CreateChannel(
                                    "unix:" + running_.server().socket(),
                                    grpc::InsecureChannelCredentials()))),
              StartsWith("unix:"));
  EXPECT_THAT(peer_of(running_, by_http(running_, {})),
              StartsWith("http:127.0.0.1:"));
  EXPECT_THAT(peer_of(tls, by_http(tls, {made.cert, made.key})),
              StartsWith("https:127.0.0.1:"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace engram
