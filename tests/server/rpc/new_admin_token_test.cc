#include "server/rpc/new_admin_token.h"

#include <gtest/gtest.h>

#include "engram/v1/admin.grpc.pb.h"
#include "running_server.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

v1::WhoAmIResponse Who(RunningServer& running, const std::string& secret) {
  v1::WhoAmIResponse reply;
  const grpc::Status status =
      v1::Admin::NewStub(running.Tcp())->WhoAmI(As(secret).get(), {}, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return reply;
}

TEST(NewAdminTokenTest, OpensTheServerOnceItIsStartedAgain) {
  RunningServer running;
  const auto secret = NewAdminToken(running.server().store(), "rescue", 1);
  ASSERT_TRUE(secret.ok()) << secret.status();
  running.Restart();
  const v1::WhoAmIResponse who = Who(running, *secret);
  EXPECT_EQ(who.user(), "users/rescue");
  EXPECT_EQ(who.scope(), v1::SCOPE_ADMIN);
  EXPECT_EQ(Who(running, running.admin_token()).scope(), v1::SCOPE_ADMIN)
      << "the tokens there were are as good as before";
}

TEST(NewAdminTokenTest, LeavesARowInTheAuditLogAndNoSecret) {
  RunningServer running;
  store::Store& store = running.server().store();
  const auto secret = NewAdminToken(store, "first", 7);
  ASSERT_TRUE(secret.ok()) << secret.status();
  std::vector<store::AuditRow> rows;
  ASSERT_TRUE(store
                  .Read([&](store::Reader& reader) {
                    rows = store::ReadAudit(reader, {}, 1);
                    return absl::OkStatus();
                  })
                  .ok());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].method, "engramd new-admin-token");
  EXPECT_EQ(rows[0].user, "users/first");
  EXPECT_EQ(rows[0].time_us, 7);
  EXPECT_EQ(rows[0].target.find(*secret), std::string::npos);
}

TEST(NewAdminTokenTest, RefusesANameThatNoUserMayHave) {
  RunningServer running;
  for (const char* name : {"", "a b", "-x", "../x"}) {
    EXPECT_EQ(NewAdminToken(running.server().store(), name, 1).status().code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
}

}  // namespace
}  // namespace engram
