// Every method of the contract, with every kind of token, by every way in: what
// comes out follows from the method's option alone.

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "any_call.h"
#include "running_server.h"
#include "server/gateway/gateway.h"
#include "server/rpc/access.h"
#include "tests/support/test_certificate.h"

namespace engram {
namespace {

// A server with its gateway, and every kind of token.
struct Lab {
  explicit Lab(const TlsFiles& files) : tls(files), running(files) {
    wrong["TOKEN_EXPIRED"] = "Bearer " + running.MakeExpiredToken();
    wrong["TOKEN_REVOKED"] = "Bearer " + running.MakeRevokedToken();
    wrong["TOKEN_MISSING"] = "";
    wrong["TOKEN_MALFORMED"] = "Bearer nonsense";
    wrong["TOKEN_UNKNOWN"] = "Bearer engram_" + std::string(64, '0');
    for (const v1::Scope scope :
         {v1::SCOPE_VIEWER, v1::SCOPE_SUBMITTER, v1::SCOPE_ADMIN}) {
      bearers[scope] = "Bearer " + running.MakeToken("ada", scope);
    }
    bearers[v1::SCOPE_WORKER] = "Bearer " + running.MakeWorkerToken();
    Gateway::Options options;
    options.port = 0;
    options.tls = files;
    options.channel = running.InProcess();
    gateway = *Gateway::Start(std::move(options));
  }

  const TlsFiles tls;
  RunningServer running;
  std::map<std::string, std::string> wrong;  // by the reason they are refused
  std::map<v1::Scope, std::string> bearers;
  std::unique_ptr<Gateway> gateway;
};

class EveryMethodTest : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    plain_ = new Lab({});
    std::string pattern = testing::TempDir() + "/every-method-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    const TestCertificate made = MakeTestCertificate(folder_);
    tls_ = new Lab({made.cert, made.key});
  }
  static void TearDownTestSuite() {
    delete plain_;
    delete tls_;
    std::filesystem::remove_all(folder_);
  }

  // What the way in is, from its name.
  bool Is(const char* part) const {
    return absl::StrContains(GetParam(), part);
  }
  Lab& lab() const { return Is("Tls") ? *tls_ : *plain_; }

  // With an empty request.
  Answer Call(const std::string& method, const std::string& bearer) const {
    const auto request = RequestFor(method);
    if (Is("Http")) {
      return CallByHttp(lab().gateway->port(), lab().tls.cert,
                        Is("Json") ? Encoding::kJson : Encoding::kBinary,
                        method, bearer, *request);
    }
    return CallByGrpc(
        Is("InProcess") ? lab().running.InProcess() : lab().running.Tcp(),
        method, bearer, *request);
  }

  // Whether the way in has the method at all.
  bool IsServed(const std::string& method) const {
    return !Is("Http") || FindAccess(method)->http();
  }
  // Whether worker processes may come this way.
  bool CarriesWorkers() const { return !Is("Tcp"); }

  static Lab* plain_;
  static Lab* tls_;
  static std::filesystem::path folder_;
};

Lab* EveryMethodTest::plain_ = nullptr;
Lab* EveryMethodTest::tls_ = nullptr;
std::filesystem::path EveryMethodTest::folder_;

void ExpectUnknown(const Answer& answer, const std::string& what) {
  EXPECT_EQ(answer.http_status, 404) << what;
  EXPECT_EQ(answer.code, grpc::StatusCode::UNIMPLEMENTED) << what;
}

TEST_P(EveryMethodTest, SaysWhatIsWrongWithATokenThatIsNone) {
  for (const std::string& method : AllMethods()) {
    for (const auto& [reason, header] : lab().wrong) {
      const Answer answer = Call(method, header);
      const std::string what =
          absl::StrCat(method, " ", reason, ": ", answer.message);
      if (!IsServed(method)) {
        ExpectUnknown(answer, what);
        continue;
      }
      EXPECT_EQ(answer.code, grpc::StatusCode::UNAUTHENTICATED) << what;
      EXPECT_EQ(answer.reason, reason) << what;
    }
  }
}

TEST_P(EveryMethodTest, RefusesScopesThatAreTooWeakAndNoOther) {
  for (const std::string& method : AllMethods()) {
    const v1::Scope needed = FindAccess(method)->scope();
    for (const auto& [scope, header] : lab().bearers) {
      const Answer answer = Call(method, header);
      const std::string what =
          absl::StrCat(method, " as ", ScopeName(scope), ": ", answer.message);
      if (!IsServed(method)) {
        ExpectUnknown(answer, what);
        continue;
      }
      EXPECT_NE(answer.code, grpc::StatusCode::UNIMPLEMENTED) << what;
      EXPECT_NE(answer.code, grpc::StatusCode::UNAUTHENTICATED) << what;
      if (!Includes(scope, needed)) {
        EXPECT_EQ(answer.code, grpc::StatusCode::PERMISSION_DENIED) << what;
        EXPECT_EQ(answer.reason, "SCOPE_TOO_WEAK") << what;
      } else if (scope == v1::SCOPE_WORKER && !CarriesWorkers()) {
        EXPECT_EQ(answer.code, grpc::StatusCode::PERMISSION_DENIED) << what;
        EXPECT_EQ(answer.reason, "TRANSPORT_TOO_WEAK") << what;
      } else {
        EXPECT_NE(answer.code, grpc::StatusCode::PERMISSION_DENIED) << what;
      }
    }
  }
}

// "Tcp" is plain gRPC.
INSTANTIATE_TEST_SUITE_P(WaysIn, EveryMethodTest,
                         testing::Values("Tcp", "InProcess", "GrpcTls",
                                         "HttpJson", "HttpBinary",
                                         "HttpTlsJson", "HttpTlsBinary"),
                         [](const auto& way) {
                           return std::string(way.param);
                         });

TEST(MethodOptionsTest, WorkersAndTheirBytesAreNeverServedByHttp) {
  int count = 0;
  for (const std::string& method : AllMethods()) {
    const v1::Access* access = FindAccess(method);
    ASSERT_NE(access, nullptr) << method << " has no access option";
    if (access->scope() != v1::SCOPE_WORKER) continue;
    ++count;
    EXPECT_FALSE(access->http()) << method;
  }
  EXPECT_GE(count, 4);
}

}  // namespace
}  // namespace engram
