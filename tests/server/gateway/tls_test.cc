// The gateway under TLS: what holds in plain holds here, and what TLS alone
// brings.

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "server/gateway/envelope.h"
#include "server/gateway/tls_context.h"
#include "tests/server/gateway/gateway_fixture.h"
#include "tests/support/test_certificate.h"

namespace engram {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kGetRun[] = "/engram.v1.Runs/GetRun";
constexpr char kWatch[] = "/engram.v1.Events/Watch";

class TlsTest : public GatewayTest {
 protected:
  TlsTest() {
    std::string pattern = testing::TempDir() + "/gateway-tls-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    const TestCertificate made = MakeTestCertificate(folder_);
    options_.tls = {made.cert, made.key};
    options_.names = {"localhost", "lab.example"};
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<TestSocket> Open() const {
    return std::make_unique<TestSocket>(port(), options_.tls.cert);
  }
  TestResponse Ask(const std::string& request) const {
    return CallTls(port(), options_.tls.cert, request);
  }

  std::filesystem::path folder_;
};

TEST_F(TlsTest, CallsGoThereAndBack) {
  Start();
  const auto socket = Open();
  ASSERT_TRUE(socket->is_encrypted());
  for (int i = 0; i < 3; ++i) {
    socket->Send(
        Post(port(), kGetRun, "application/json", R"({"name":"k7m2/17"})"));
    const TestResponse response = socket->ReadResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr("k7m2/17"));
  }
}

TEST_F(TlsTest, CallSaysThatItCameUnderTls) {
  Start();
  const TestResponse response =
      Ask(Post(port(), "/engram.v1.Admin/WhoAmI", "application/json", "{}"));
  EXPECT_THAT(response.body, HasSubstr(R"("token":"https:127.0.0.1:)"));
}

TEST_F(TlsTest, LargeAnswerComesWhole) {
  Start();
  const TestResponse response =
      Ask(Post(port(), "/engram.v1.Experiments/GetExperiment",
               "application/json", "{}"));
  EXPECT_EQ(response.status, 200);
  EXPECT_GT(response.body.size(), size_t{1} << 20);
}

TEST_F(TlsTest, StreamComesMessageByMessageAndEnds) {
  Start();
  const TestResponse response =
      Ask(Post(port(), kWatch, "application/connect+json",
               Envelope(0, R"({"fromSequence":"3"})")));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("bookmark":"3")"));
}

TEST_F(TlsTest, ClientWhoLeavesCancelsTheCall) {
  Start();
  const auto socket = Open();
  socket->Send(
      Post(port(), kGetRun, "application/json", R"({"name":"forever"})"));
  ASSERT_TRUE(server_.calls().WaitFor("begun", 1));
  socket->Close();
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
}

TEST_F(TlsTest, ClientWhoEndsHisHalfIsGone) {
  Start();
  const auto socket = Open();
  socket->Send(
      Post(port(), kGetRun, "application/json", R"({"name":"forever"})"));
  ASSERT_TRUE(server_.calls().WaitFor("begun", 1));
  socket->EndSending();
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
}

TEST_F(TlsTest, SlowReaderHoldsTheServerUp) {
  Start();
  const auto socket = Open();
  socket->Send(
      Post(port(), kWatch, "application/connect+json",
           Envelope(0, R"({"fromSequence":"1000","parents":["large"]})")));
  ASSERT_TRUE(server_.calls().WaitFor("sent", 1));
  EXPECT_EQ(socket->ReadHead().status, 200);
  // 100 MB are asked for; what the kernel's buffers take is far less.
  EXPECT_LT(server_.calls().Count("sent"), 900);
}

TEST_F(TlsTest, HeaderBeyondTheBoundIs431) {
  options_.limits.header_bytes = 1000;
  Start();
  const TestResponse response =
      Ask(Get(port(), "/healthz",
              absl::StrCat("X-Long: ", std::string(2000, 'x'), "\r\n")));
  EXPECT_EQ(response.status, 431);
}

TEST_F(TlsTest, BodyBeyondTheBoundIs413AndTheAnswerArrives) {
  options_.limits.body_bytes = 1000;
  Start();
  const auto socket = Open();
  socket->Send(
      Post(port(), kGetRun, "application/json", std::string(1 << 20, ' ')));
  EXPECT_EQ(socket->ReadResponse().status, 413);
  socket->ReadToEnd();
  EXPECT_TRUE(socket->is_closed());
}

TEST_F(TlsTest, HandshakeThatNeverEndsIsClosedInTime) {
  options_.limits.idle = std::chrono::milliseconds(50);
  Start();
  TestSocket silent(port());
  EXPECT_EQ(silent.ReadToEnd(), "");
  EXPECT_TRUE(silent.is_closed());
  TestSocket slow(port());
  slow.Send(std::string("\x16\x03\x01\x02", 4));
  EXPECT_EQ(slow.ReadToEnd(), "");
  EXPECT_TRUE(slow.is_closed());
}

TEST_F(TlsTest, RequestThatNeverEndsIsRefusedInTime) {
  options_.limits.idle = std::chrono::milliseconds(200);
  Start();
  const auto socket = Open();
  ASSERT_TRUE(socket->is_encrypted());
  socket->Send("POST / HTTP/1.1\r\nHost");
  EXPECT_EQ(socket->ReadResponse().status, 408);
}

TEST_F(TlsTest, IdleConnectionIsClosed) {
  options_.limits.idle = std::chrono::milliseconds(200);
  Start();
  const auto socket = Open();
  ASSERT_TRUE(socket->is_encrypted());
  EXPECT_EQ(socket->ReadToEnd(), "");
  EXPECT_TRUE(socket->is_closed());
}

TEST_F(TlsTest, ConnectionsBeyondTheBoundAreTurnedAway) {
  options_.limits.connections = 1;
  Start();
  const auto first = Open();
  ASSERT_TRUE(first->is_encrypted());
  EXPECT_EQ(Open()->ReadResponse().status, 503);
}

TEST_F(TlsTest, GarbageInPlaceOfAHandshakeEndsTheConnectionAlone) {
  Start();
  for (const std::string& garbage :
       {std::string(1000, '\0'), std::string(1000, '\xff'),
        std::string("\x16\x03\x01\xff\xff") + std::string(70'000, 'x')}) {
    TestSocket socket(port());
    socket.Send(garbage);
    socket.EndSending();
    socket.ReadToEnd();
  }
  EXPECT_EQ(Ask(Get(port(), "/healthz")).status, 200);
}

TEST_F(TlsTest, WhoSpeaksPlainHttpIsToldToUseHttps) {
  Start();
  TestSocket socket(port());
  socket.Send(Get(port(), "/healthz"));
  const std::string answer = socket.ReadToEnd();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("https://"));
}

TEST_F(TlsTest, VersionsBelowTls12AreRefused) {
  Start();
  EXPECT_FALSE(
      TestSocket(port(), options_.tls.cert, TLS1_VERSION).is_encrypted());
  EXPECT_FALSE(
      TestSocket(port(), options_.tls.cert, TLS1_1_VERSION).is_encrypted());
  EXPECT_TRUE(
      TestSocket(port(), options_.tls.cert, TLS1_2_VERSION).is_encrypted());
}

TEST_F(TlsTest, BrowsersAreToldToStayWithTlsButForLocalhost) {
  Start();
  const auto field = [&](const std::string& host) {
    return Ask(absl::StrCat("GET /healthz HTTP/1.1\r\nHost: ", host, ":",
                            port(), "\r\n\r\n"))
        .fields["strict-transport-security"];
  };
  EXPECT_EQ(field("lab.example"), "max-age=31536000");
  EXPECT_EQ(field("localhost"), "");
}

TEST_F(TlsTest, CookieIsForTlsAloneAndOpensCalls) {
  Start();
  const TestResponse login = Ask(Get(port(), "/login?code=good"));
  EXPECT_EQ(login.status, 303);
  const std::string cookie = login.fields.at("set-cookie");
  EXPECT_THAT(cookie, HasSubstr("; Secure"));
  EXPECT_THAT(cookie, StartsWith(absl::StrCat("__Host-engram_session_", port(),
                                              "=secret;")));
  const auto call = [&](const std::string& scheme) {
    return Ask(Post(
        port(), "/engram.v1.Admin/WhoAmI", "application/json", "{}",
        absl::StrCat("Cookie: ", cookie.substr(0, cookie.find(';')),
                     "\r\nOrigin: ", scheme, "://localhost:", port(), "\r\n")));
  };
  EXPECT_THAT(call("https").body, HasSubstr("Bearer secret"));
  EXPECT_EQ(call("http").status, 403);
}

TEST_F(TlsTest, ForeignHostIs421AndNamesOfTheCertificateAreOwn) {
  Start();
  const auto status = [&](const std::string& host) {
    return Ask(absl::StrCat("GET /healthz HTTP/1.1\r\nHost: ", host, ":",
                            port(), "\r\n\r\n"))
        .status;
  };
  EXPECT_EQ(status("lab.example"), 200);
  EXPECT_EQ(status("evil.example"), 421);
}

TEST_F(TlsTest, LinksHaveTheFirstNameOfTheCertificate) {
  options_.address = "0.0.0.0";
  options_.names = {"*.lab.example", "lab.example"};
  Start();
  EXPECT_EQ(gateway_->base_url(), absl::StrCat("https://lab.example:", port()));
}

TEST_F(TlsTest, FilesThatDoNotFitAreRefusedAtTheStart) {
  const TestCertificate other = MakeTestCertificate(folder_ / "other");
  options_.tls.key = other.key;
  const auto gateway = Gateway::Start(options_);
  EXPECT_EQ(gateway.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(gateway.status().message()), HasSubstr(other.key));
}

TEST_F(TlsTest, RenewedFilesServeTheConnectionsThatComeAfter) {
  const auto start = std::chrono::steady_clock::now();
  const auto context = *TlsContext::Load(options_.tls);
  const auto first = context->Current(start);
  // A clock that ticks slowly may give both files the same time.
  const auto renewed = [&](int age_s) {
    for (const auto& path : {options_.tls.cert, options_.tls.key}) {
      std::filesystem::last_write_time(
          path, std::filesystem::file_time_type::clock::now() -
                    std::chrono::seconds(age_s));
    }
  };
  MakeTestCertificate(folder_);
  renewed(20);
  EXPECT_EQ(context->Current(start + std::chrono::seconds(4)), first);
  const auto second = context->Current(start + std::chrono::seconds(6));
  EXPECT_NE(second, first);
  // Half of a pair: the present one stays until the other half is there.
  std::ofstream(options_.tls.key, std::ios::trunc) << "half";
  renewed(10);
  EXPECT_EQ(context->Current(start + std::chrono::seconds(12)), second);
  MakeTestCertificate(folder_);
  renewed(0);
  EXPECT_NE(context->Current(start + std::chrono::seconds(18)), second);
}

}  // namespace
}  // namespace engram
