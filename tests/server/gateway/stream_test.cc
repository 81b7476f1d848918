#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engram/v1/events.pb.h"
#include "server/gateway/envelope.h"
#include "tests/server/gateway/gateway_fixture.h"

namespace engram {
namespace {

using testing::HasSubstr;

constexpr char kWatch[] = "/engram.v1.Events/Watch";

class StreamTest : public GatewayTest {
 protected:
  std::string Request(const std::string& json) {
    return Post(port(), kWatch, "application/connect+json", Envelope(0, json));
  }
};

struct Frame {
  int flags;
  std::string message;
};

std::vector<Frame> Frames(const std::string& body) {
  std::vector<Frame> frames;
  for (size_t at = 0; at + 5 <= body.size();) {
    size_t length = 0;
    for (size_t i = 1; i < 5; ++i) {
      length = length << 8 | static_cast<unsigned char>(body[at + i]);
    }
    frames.push_back({body[at], body.substr(at + 5, length)});
    at += 5 + length;
  }
  return frames;
}

TEST_F(StreamTest, JsonMessagesAndTheEnd) {
  Start();
  const TestResponse response =
      Call(port(), Request(R"({"fromSequence": "3"})"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.fields.at("content-type"), "application/connect+json");
  const std::vector<Frame> frames = Frames(response.body);
  ASSERT_EQ(frames.size(), 4u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(frames[i].flags, 0);
    EXPECT_THAT(frames[i].message,
                HasSubstr(absl::StrCat(R"("bookmark":")", i + 1, "\"")));
  }
  EXPECT_EQ(frames[3].flags, kEndOfStreamFlag);
  EXPECT_EQ(frames[3].message, "{}");
}

TEST_F(StreamTest, BinaryMessagesAndTheEnd) {
  Start();
  v1::WatchRequest request;
  request.set_from_sequence(2);
  const TestResponse response =
      Call(port(), Post(port(), kWatch, "application/connect+proto",
                        Envelope(0, request.SerializeAsString())));
  const std::vector<Frame> frames = Frames(response.body);
  ASSERT_EQ(frames.size(), 3u);
  v1::WatchResponse second;
  ASSERT_TRUE(second.ParseFromString(frames[1].message));
  EXPECT_EQ(second.bookmark(), 2);
  EXPECT_EQ(frames[2].message, "{}");
}

TEST_F(StreamTest, ErrorComesInTheLastMessageWithDetails) {
  Start();
  const TestResponse response =
      Call(port(), Request(R"({"fromSequence": "1", "parents": ["missing"]})"));
  EXPECT_EQ(response.status, 200);
  const std::vector<Frame> frames = Frames(response.body);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1].flags, kEndOfStreamFlag);
  EXPECT_THAT(frames[1].message, HasSubstr(R"({"error":{"code":"not_found")"));
  EXPECT_THAT(frames[1].message, HasSubstr("google.rpc.ResourceInfo"));
}

TEST_F(StreamTest, HeadComesBeforeTheFirstMessage) {
  Start();
  TestSocket socket(port());
  socket.Send(Request(R"({"parents": ["forever"]})"));
  EXPECT_EQ(socket.ReadHead().status, 200);
}

TEST_F(StreamTest, ClientWhoLeavesCancelsTheCall) {
  Start();
  TestSocket socket(port());
  socket.Send(Request(R"({"fromSequence": "1", "parents": ["forever"]})"));
  socket.ReadHead();
  EXPECT_FALSE(socket.ReadChunk().empty());
  socket.Close();
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
}

TEST_F(StreamTest, ClientWhoLeavesIsNoticedBehindAPipelinedRequest) {
  Start();
  TestSocket socket(port());
  const std::string watch = Request(R"({"parents": ["forever"]})");
  socket.Send(watch + Get(port(), "/healthz"));
  socket.ReadHead();
  socket.Close();
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
}

TEST_F(StreamTest, SlowReaderHoldsTheServerUp) {
  Start();
  TestSocket socket(port(), 4096);
  // 100 MB, of which the sockets between take a few.
  socket.Send(Request(R"({"fromSequence": "1000", "parents": ["large"]})"));
  socket.ReadHead();
  EXPECT_FALSE(socket.ReadChunk().empty());
  EXPECT_TRUE(server_.calls().WaitFor("sent", 2));
  EXPECT_LT(server_.calls().Count("sent"), 300);
}

TEST_F(StreamTest, ReaderWhoStandsStillIsLeft) {
  options_.limits.idle = std::chrono::milliseconds(100);
  Start();
  TestSocket socket(port(), 4096);
  socket.Send(Request(R"({"fromSequence": "1000", "parents": ["large"]})"));
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
  EXPECT_LT(server_.calls().Count("sent"), 300);
}

TEST_F(StreamTest, LongSilenceDoesNotEndAStream) {
  options_.limits.idle = std::chrono::milliseconds(20);
  options_.limits.call_life = std::chrono::milliseconds(200);
  Start();
  const TestResponse response =
      Call(port(), Request(R"({"fromSequence": "1", "parents": ["forever"]})"));
  const std::vector<Frame> frames = Frames(response.body);
  ASSERT_EQ(frames.size(), 2u);
  // It ends by the bound on a call's life.
  EXPECT_THAT(frames[1].message, HasSubstr("deadline_exceeded"));
}

TEST_F(StreamTest, TimeoutOfTheClientEndsIt) {
  Start();
  const TestResponse response =
      Call(port(), Post(port(), kWatch, "application/connect+json",
                        Envelope(0, R"({"parents": ["forever"]})"),
                        "Connect-Timeout-Ms: 30\r\n"));
  const std::vector<Frame> frames = Frames(response.body);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_THAT(frames[0].message, HasSubstr("deadline_exceeded"));
}

TEST_F(StreamTest, FaultsOfTheFramingAreToldInTheEndMessage) {
  Start();
  const struct {
    std::string body, says;
  } kCases[] = {
      {"", "got 0 messages, wanted one"},
      {Envelope(0, "{}") + Envelope(0, "{}"), "got 2 messages, wanted one"},
      {std::string("\0\0", 2), "got 2 bytes, wanted a head of 5"},
      {Envelope(0, "{}").substr(0, 6),
       "got 1 bytes of a message, wanted the 2"},
      {std::string("\0\xff\xff\xff\xff{}", 7), "4294967295"},
      {Envelope(1, "{}"), "got flags 1"},
      {Envelope(2, "{}"), "got flags 2"},
      {Envelope(0, "{]"), "line 1, column 2"}};
  for (const auto& [body, says] : kCases) {
    const TestResponse response =
        Call(port(), Post(port(), kWatch, "application/connect+json", body));
    EXPECT_EQ(response.status, 200);
    const std::vector<Frame> frames = Frames(response.body);
    ASSERT_EQ(frames.size(), 1u) << says;
    EXPECT_EQ(frames[0].flags, kEndOfStreamFlag);
    EXPECT_THAT(frames[0].message, HasSubstr(says));
  }
}

TEST_F(StreamTest, UnaryContentTypeIs415) {
  Start();
  const TestResponse response = PostJson(kWatch, "{}");
  EXPECT_EQ(response.status, 415);
  EXPECT_THAT(response.body, HasSubstr("application/connect+json"));
}

TEST_F(StreamTest, OldHttpGetsTheStreamWithoutChunks) {
  Start();
  TestSocket socket(port());
  std::string request = Request(R"({"fromSequence": "1"})");
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  socket.Send(request);
  EXPECT_EQ(socket.ReadHead().fields.at("connection"), "close");
  const std::vector<Frame> frames = Frames(socket.ReadToEnd());
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1].message, "{}");
}

TEST_F(StreamTest, ConnectionGoesOnAfterAStream) {
  Start();
  TestSocket socket(port());
  socket.Send(Request(R"({"fromSequence": "1"})"));
  EXPECT_EQ(socket.ReadResponse().status, 200);
  socket.Send(Get(port(), "/healthz"));
  EXPECT_EQ(socket.ReadResponse().body, "ok\n");
}

}  // namespace
}  // namespace engram
