// Every method of the contract, with every kind of token, over TCP and in
// process: who may not call it is told why, who may gets past the gate.

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "running_server.h"
#include "server/rpc/access.h"

namespace engram {
namespace {

// The method with an empty request; streams are cut off after a moment.
grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& method, const std::string& header) {
  const size_t dot = method.rfind('.');
  const std::string path =
      absl::StrCat("/", method.substr(0, dot), "/", method.substr(dot + 1));
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(300));
  if (!header.empty()) context.AddMetadata("authorization", header);
  const grpc::Slice nothing;
  grpc::ByteBuffer request(&nothing, 1), reply;
  std::mutex mutex;
  std::condition_variable changed;
  bool is_done = false;
  grpc::Status status;
  stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &reply,
                 [&](grpc::Status ended) {
                   std::lock_guard<std::mutex> lock(mutex);
                   status = std::move(ended);
                   is_done = true;
                   changed.notify_one();
                 });
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return is_done; });
  return status;
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status wire;
  wire.ParseFromString(status.error_details());
  for (const auto& detail : wire.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

class EveryMethodTest : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    running_ = new RunningServer;
    expired_ = running_->MakeExpiredToken();
    revoked_ = running_->MakeRevokedToken();
    for (const v1::Scope scope :
         {v1::SCOPE_VIEWER, v1::SCOPE_SUBMITTER, v1::SCOPE_ADMIN}) {
      bearers_[scope] = "Bearer " + running_->MakeToken("ada", scope);
    }
    bearers_[v1::SCOPE_WORKER] = "Bearer " + running_->MakeWorkerToken();
  }
  static void TearDownTestSuite() {
    delete running_;
    running_ = nullptr;
  }

  bool is_tcp() const { return std::string(GetParam()) == "Tcp"; }
  std::shared_ptr<grpc::Channel> channel() const {
    return is_tcp() ? running_->Tcp() : running_->InProcess();
  }

  static RunningServer* running_;
  static std::string expired_, revoked_;
  static std::map<v1::Scope, std::string> bearers_;
};

RunningServer* EveryMethodTest::running_ = nullptr;
std::string EveryMethodTest::expired_;
std::string EveryMethodTest::revoked_;
std::map<v1::Scope, std::string> EveryMethodTest::bearers_;

TEST_P(EveryMethodTest, SaysWhatIsWrongWithATokenThatIsNone) {
  const std::map<std::string, std::string> wrong = {
      {"", "TOKEN_MISSING"},
      {"Bearer nonsense", "TOKEN_MALFORMED"},
      {"Bearer engram_" + std::string(64, '0'), "TOKEN_UNKNOWN"},
      {"Bearer " + std::string(64, '0'), "TOKEN_UNKNOWN"},
      {"Bearer " + expired_, "TOKEN_EXPIRED"},
      {"Bearer " + revoked_, "TOKEN_REVOKED"}};
  const auto through = channel();
  for (const std::string& method : AllMethods()) {
    for (const auto& [header, reason] : wrong) {
      const grpc::Status status = CallEmpty(through, method, header);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED)
          << method << " " << reason << ": " << status.error_message();
      EXPECT_EQ(ReasonOf(status), reason) << method;
    }
  }
}

TEST_P(EveryMethodTest, RefusesScopesThatAreTooWeakAndNoOther) {
  const auto through = channel();
  for (const std::string& method : AllMethods()) {
    const v1::Scope needed = FindAccess(method)->scope();
    for (const auto& [scope, header] : bearers_) {
      const grpc::Status status = CallEmpty(through, method, header);
      const std::string what = absl::StrCat(method, " as ", ScopeName(scope),
                                            ": ", status.error_message());
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << what;
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << what;
      if (!Includes(scope, needed)) {
        EXPECT_EQ(ReasonOf(status), "SCOPE_TOO_WEAK") << what;
      } else if (scope == v1::SCOPE_WORKER && is_tcp()) {
        EXPECT_EQ(ReasonOf(status), "TRANSPORT_TOO_WEAK") << what;
      } else {
        EXPECT_NE(status.error_code(), grpc::StatusCode::PERMISSION_DENIED)
            << what;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Transports, EveryMethodTest,
                         testing::Values("Tcp", "InProcess"),
                         [](const auto& transport) {
                           return std::string(transport.param);
                         });

}  // namespace
}  // namespace engram
