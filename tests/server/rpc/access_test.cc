#include "server/rpc/access.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"

namespace engram {
namespace {

TEST(AccessTest, EveryMethodSaysWhoMayCallIt) {
  const std::vector<std::string> methods = AllMethods();
  EXPECT_GT(methods.size(), 40u);
  for (const std::string& method : methods) {
    EXPECT_NE(FindAccess(method), nullptr) << method;
  }
}

// A login link is for the caller himself and lets him do no more than he may.
TEST(AccessTest, MutationsOfTheRecordAreNoViewers) {
  for (const std::string& method : AllMethods()) {
    const v1::Access& access = *FindAccess(method);
    if (access.mutation() && method != "engram.v1.Admin.CreateLoginLink") {
      EXPECT_GE(access.scope(), v1::SCOPE_SUBMITTER) << method;
    }
  }
}

TEST(AccessTest, WorkersAloneCallWorkersAndBlobs) {
  for (const std::string& method : AllMethods()) {
    const bool is_internal = absl::StartsWith(method, "engram.v1.Workers.") ||
                             absl::StartsWith(method, "engram.v1.Blobs.");
    const v1::Access& access = *FindAccess(method);
    EXPECT_EQ(access.scope() == v1::SCOPE_WORKER, is_internal) << method;
    EXPECT_FALSE(is_internal && access.http()) << method;
  }
}

TEST(AccessTest, UnknownMethodsAreOpenToNobody) {
  EXPECT_EQ(FindAccess("engram.v1.Runs.Nothing"), nullptr);
  EXPECT_EQ(FindAccess(""), nullptr);
}

TEST(AccessTest, EachScopeIncludesTheOnesBeforeItExceptWorkers) {
  const v1::Scope scopes[] = {v1::SCOPE_VIEWER, v1::SCOPE_SUBMITTER,
                              v1::SCOPE_ADMIN};
  for (const v1::Scope has : scopes) {
    for (const v1::Scope needs : scopes) {
      EXPECT_EQ(Includes(has, needs), has >= needs);
    }
    EXPECT_FALSE(Includes(v1::SCOPE_WORKER, has));
    EXPECT_FALSE(Includes(has, v1::SCOPE_WORKER));
    EXPECT_FALSE(Includes(v1::SCOPE_UNSPECIFIED, has));
    EXPECT_FALSE(Includes(has, v1::SCOPE_UNSPECIFIED));
  }
  EXPECT_TRUE(Includes(v1::SCOPE_WORKER, v1::SCOPE_WORKER));
}

}  // namespace
}  // namespace engram
