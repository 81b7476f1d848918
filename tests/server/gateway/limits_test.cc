#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/server/gateway/gateway_fixture.h"

namespace engram {
namespace {

using testing::HasSubstr;

constexpr char kGetRun[] = "/engram.v1.Runs/GetRun";

using LimitsTest = GatewayTest;

TEST_F(LimitsTest, BodyBeyondTheBoundIs413) {
  options_.limits.body_bytes = 1000;
  Start();
  const std::string fits = absl::StrCat("{}", std::string(998, ' '));
  EXPECT_EQ(PostJson(kGetRun, fits).status, 200);
  const TestResponse response = PostJson(kGetRun, fits + " ");
  EXPECT_EQ(response.status, 413);
  EXPECT_THAT(response.body, HasSubstr("1000 bytes"));
}

TEST_F(LimitsTest, HugeBodyIsRefusedBeforeItArrives) {
  Start();
  TestSocket socket(port());
  socket.Send(absl::StrCat("POST ", kGetRun, " HTTP/1.1\r\nHost: localhost:",
                           port(), "\r\nContent-Length: 99999999999\r\n\r\n"));
  EXPECT_EQ(socket.ReadResponse().status, 413);
}

TEST_F(LimitsTest, ChunkedBodyBeyondTheBoundIs413) {
  options_.limits.body_bytes = 1000;
  Start();
  TestSocket socket(port());
  socket.Send(absl::StrCat("POST ", kGetRun, " HTTP/1.1\r\nHost: localhost:",
                           port(), "\r\nTransfer-Encoding: chunked\r\n\r\n",
                           "3e9\r\n", std::string(1001, ' '), "\r\n"));
  EXPECT_EQ(socket.ReadResponse().status, 413);
}

TEST_F(LimitsTest, ChunkedBodyIsTaken) {
  Start();
  TestSocket socket(port());
  socket.Send(absl::StrCat(
      "POST ", kGetRun, " HTTP/1.1\r\nHost: localhost:", port(),
      "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
      "\r\n5\r\n{\"nam\r\n7\r\ne\":\"a\"}\r\n0\r\n\r\n"));
  EXPECT_EQ(socket.ReadResponse().body, R"({"name":"a"})");
}

TEST_F(LimitsTest, BodiesTogetherAreBounded) {
  options_.limits.all_bodies_bytes = 1000;
  Start();
  const std::string request =
      Post(port(), kGetRun, "application/json", std::string(700, ' '));
  EXPECT_EQ(Call(port(), request).status, 200);
  TestSocket holds(port());
  holds.Send(request.substr(0, request.size() - 1));
  // Both are refused from the moment when the first one's bytes are there.
  TestResponse response;
  for (int i = 0; i < 1000 && response.status != 503; ++i) {
    response = Call(port(), request);
  }
  EXPECT_EQ(response.status, 503);
  holds.Close();
  for (int i = 0; i < 1000 && response.status != 200; ++i) {
    response = Call(port(), request);
  }
  EXPECT_EQ(response.status, 200);
}

TEST_F(LimitsTest, HeaderBeyondTheBoundIs431) {
  Start();
  const std::string field =
      absl::StrCat("X-Long: ", std::string(17 << 10, 'x'), "\r\n");
  const TestResponse response = Call(port(), Get(port(), "/healthz", field));
  EXPECT_EQ(response.status, 431);
  EXPECT_THAT(response.body, HasSubstr("16384 bytes"));
}

TEST_F(LimitsTest, EndlessHeaderIsRefusedWhileItComes) {
  Start();
  TestSocket socket(port());
  socket.Send(absl::StrCat("GET /", std::string(20 << 10, 'a')));
  EXPECT_EQ(socket.ReadResponse().status, 431);
}

TEST_F(LimitsTest, HeaderThatNeverEndsIsRefusedInTime) {
  options_.limits.idle = std::chrono::milliseconds(50);
  Start();
  TestSocket socket(port());
  socket.Send("GET / HT");
  EXPECT_EQ(socket.ReadResponse().status, 408);
}

TEST_F(LimitsTest, BodyThatNeverEndsIsRefusedInTime) {
  options_.limits.idle = std::chrono::milliseconds(50);
  Start();
  TestSocket socket(port());
  const std::string request =
      Post(port(), kGetRun, "application/json", R"({"name": "a"})");
  socket.Send(request.substr(0, request.size() - 1));
  EXPECT_EQ(socket.ReadResponse().status, 408);
}

TEST_F(LimitsTest, IdleConnectionIsClosed) {
  options_.limits.idle = std::chrono::milliseconds(50);
  Start();
  TestSocket socket(port());
  socket.Send(Get(port(), "/healthz"));
  EXPECT_EQ(socket.ReadResponse().status, 200);
  EXPECT_EQ(socket.ReadToEnd(), "");
  EXPECT_TRUE(socket.is_closed());
}

TEST_F(LimitsTest, ConnectionsBeyondTheBoundAreTurnedAway) {
  options_.limits.connections = 2;
  Start();
  TestSocket first(port()), second(port());
  for (TestSocket* socket : {&first, &second}) {
    socket->Send(Get(port(), "/healthz"));
    EXPECT_EQ(socket->ReadResponse().status, 200);
  }
  TestSocket third(port());
  third.Send(Get(port(), "/healthz"));
  EXPECT_EQ(third.ReadResponse().status, 503);
}

TEST_F(LimitsTest, PipelinedRequestsAreAnsweredInOrder) {
  Start();
  TestSocket socket(port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += Post(port(), kGetRun, "application/json",
                absl::StrCat(R"({"name":")", i, "\"}"));
  }
  socket.Send(all);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(socket.ReadResponse().body,
              absl::StrCat(R"({"name":")", i, "\"}"));
  }
}

TEST_F(LimitsTest, RequestInSingleBytesIsUnderstood) {
  Start();
  TestSocket socket(port());
  for (char c : Post(port(), kGetRun, "application/json", R"({"name":"a"})")) {
    socket.Send(std::string(1, c));
  }
  EXPECT_EQ(socket.ReadResponse().body, R"({"name":"a"})");
}

TEST_F(LimitsTest, ExpectContinueIsAnswered) {
  Start();
  TestSocket socket(port());
  const std::string request = Post(port(), kGetRun, "application/json", "{}",
                                   "Expect: 100-continue\r\n");
  socket.Send(request.substr(0, request.size() - 2));
  EXPECT_EQ(socket.ReadHead().status, 100);
  socket.Send("{}");
  EXPECT_EQ(socket.ReadResponse().status, 200);
}

TEST_F(LimitsTest, WhatIsNoHttpIs400) {
  Start();
  for (const char* text :
       {"\x16\x03\x01 hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/3.0\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: "
        "chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}) {
    EXPECT_EQ(Call(port(), text).status, 400) << text;
  }
}

TEST_F(LimitsTest, EveryAnswerLeavesOneLogLineWithoutTheQuery) {
  Start();
  TestSocket socket(port());
  socket.Send(Get(port(), "/login?code=hidden"));
  socket.ReadResponse();
  socket.Send(Post(port(), kGetRun, "application/json", "{}"));
  socket.ReadResponse();
  // Its answer comes after the line of the request before it.
  socket.Send(Get(port(), "/healthz"));
  socket.ReadResponse();
  ASSERT_GE(lines().size(), 2u);
  EXPECT_EQ(lines()[0].path, "/login");
  EXPECT_EQ(lines()[0].status, 404);
  EXPECT_EQ(lines()[1].method, "POST");
  EXPECT_EQ(lines()[1].path, kGetRun);
  EXPECT_EQ(lines()[1].status, 200);
  EXPECT_GT(lines()[1].sent_bytes, 100);
  EXPECT_FALSE(lines()[1].is_broken);
}

TEST_F(LimitsTest, AddressBeyondLoopbackIsRefused) {
  options_.address = "0.0.0.0";
  const auto gateway = Gateway::Start(options_);
  EXPECT_EQ(gateway.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(LimitsTest, PortThatIsTakenIsNamed) {
  Start();
  Gateway::Options second;
  second.port = port();
  const auto gateway = Gateway::Start(second);
  EXPECT_EQ(gateway.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(gateway.status().message()),
              HasSubstr(absl::StrCat(port())));
}

}  // namespace
}  // namespace engram
