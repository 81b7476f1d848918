#include <gmock/gmock.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engram/v1/runs.pb.h"
#include "google/rpc/error_details.pb.h"
#include "tests/server/gateway/gateway_fixture.h"

namespace engram {
namespace {

using testing::HasSubstr;

constexpr char kGetRun[] = "/engram.v1.Runs/GetRun";

class UnaryTest : public GatewayTest {
 protected:
  void SetUp() override { Start(); }
};

TEST_F(UnaryTest, JsonGoesThereAndBack) {
  const TestResponse response =
      PostJson(kGetRun, R"({"name": "k7m2/17", "full": true})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.fields.at("content-type"), "application/json");
  EXPECT_EQ(response.body, R"({"name":"k7m2/17","treeJson":"{}"})");
}

TEST_F(UnaryTest, ProtoFieldNamesAreTakenToo) {
  EXPECT_EQ(
      PostJson("/engram.v1.Runs/GetRun", R"({"name": "a", "full": false})")
          .body,
      R"({"name":"a"})");
}

TEST_F(UnaryTest, BytesGoThereAndBack) {
  v1::GetRunRequest request;
  request.set_name("k7m2/17");
  const TestResponse response = Call(
      port(),
      Post(port(), kGetRun, "application/proto", request.SerializeAsString()));
  EXPECT_EQ(response.fields.at("content-type"), "application/proto");
  v1::Run run;
  ASSERT_TRUE(run.ParseFromString(response.body));
  EXPECT_EQ(run.name(), "k7m2/17");
}

TEST_F(UnaryTest, EmptyBodyIsAnEmptyMessage) {
  EXPECT_EQ(PostJson(kGetRun, "").body, "{}");
  EXPECT_EQ(PostJson(kGetRun, "{}").body, "{}");
}

TEST_F(UnaryTest, CharsetOfTheContentTypeIsTaken) {
  EXPECT_EQ(Call(port(),
                 Post(port(), kGetRun, "Application/JSON; charset=utf-8", "{}"))
                .status,
            200);
}

TEST_F(UnaryTest, ErrorCarriesCodeMessageAndDetails) {
  const TestResponse response = PostJson(kGetRun, R"({"name": "missing"})");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.fields.at("content-type"), "application/json");
  google::rpc::ResourceInfo info;
  info.set_resource_type("run");
  info.set_resource_name("k7m2/18");
  info.set_description("k7m2/17");
  std::string value = absl::Base64Escape(info.SerializeAsString());
  while (value.back() == '=') value.pop_back();
  EXPECT_THAT(response.body, HasSubstr(R"({"code":"not_found","message":)"));
  EXPECT_THAT(response.body, HasSubstr("there is no run k7m2/18"));
  EXPECT_THAT(response.body,
              HasSubstr(absl::StrCat(
                  R"("details":[{"type":"google.rpc.ResourceInfo","value":")",
                  value, R"(","debug":{)")));
}

TEST_F(UnaryTest, ErrorOfABinaryCallIsJson) {
  v1::GetRunRequest request;
  request.set_name("missing");
  const TestResponse response = Call(
      port(),
      Post(port(), kGetRun, "application/proto", request.SerializeAsString()));
  EXPECT_EQ(response.fields.at("content-type"), "application/json");
  EXPECT_THAT(response.body, HasSubstr("not_found"));
}

TEST_F(UnaryTest, BadJsonSaysWhere) {
  const TestResponse response = PostJson(kGetRun, "{\n  \"name\" \"a\"\n}");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"invalid_argument")"));
  EXPECT_THAT(response.body, HasSubstr("line 2, column 10"));
}

TEST_F(UnaryTest, UnknownFieldGetsTheNearest) {
  const TestResponse response = PostJson(kGetRun, R"({"nmae": "a"})");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body,
              HasSubstr("GetRunRequest has no field nmae; did you mean name?"));
}

TEST_F(UnaryTest, ValueOfAWrongTypeNamesItsField) {
  const TestResponse response = PostJson(kGetRun, R"({"full": "perhaps"})");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("full"));
}

TEST_F(UnaryTest, BytesThatAreNoMessageAreRefused) {
  const TestResponse response =
      Call(port(), Post(port(), kGetRun, "application/proto", "\xff\xff\xff"));
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("are not a engram.v1.GetRunRequest"));
}

TEST_F(UnaryTest, UnknownMethodIs404WithTheNearest) {
  const TestResponse response = PostJson("/engram.v1.Runs/GetRum", "{}");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"unimplemented")"));
  EXPECT_THAT(response.body, HasSubstr("did you mean /engram.v1.Runs/GetRun?"));
}

TEST_F(UnaryTest, MethodsOfWorkersAreNotServed) {
  EXPECT_EQ(PostJson("/engram.v1.Blobs/FindMissing", "{}").status, 404);
  EXPECT_EQ(PostJson("/engram.v1.Workers/Attach", "{}").status, 404);
}

TEST_F(UnaryTest, OtherSpellingsOfAPathAreNoMethod) {
  for (const char* path :
       {"/engram.v1.Runs.GetRun", "/engram.v1.Runs//GetRun",
        "/engram.v1.Runs/GetRun/", "/engram.v1.Runs%2FGetRun"}) {
    EXPECT_EQ(PostJson(path, "{}").status, 404) << path;
  }
  EXPECT_EQ(PostJson("/engram.v1/Runs/GetRun", "{}").status, 405);
}

TEST_F(UnaryTest, WrongContentTypeIs415AndSaysWhichFit) {
  const TestResponse response =
      Call(port(), Post(port(), kGetRun, "text/plain", "{}"));
  EXPECT_EQ(response.status, 415);
  EXPECT_EQ(response.fields.at("accept-post"),
            "application/json, application/proto");
  EXPECT_EQ(
      Call(port(), Post(port(), kGetRun, "application/connect+json", "{}"))
          .status,
      415);
}

TEST_F(UnaryTest, OtherMethodsThanPostAre405) {
  const TestResponse response = Call(port(), Get(port(), kGetRun));
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.fields.at("allow"), "POST");
}

TEST_F(UnaryTest, ProtocolVersionMayBeMissingButNotAnother) {
  EXPECT_EQ(PostJson(kGetRun, "{}", "Connect-Protocol-Version: 1\r\n").status,
            200);
  const TestResponse response =
      PostJson(kGetRun, "{}", "Connect-Protocol-Version: 2\r\n");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("got 2, wanted 1"));
}

TEST_F(UnaryTest, CompressedBodyIsRefused) {
  const TestResponse response =
      PostJson(kGetRun, "{}", "Content-Encoding: gzip\r\n");
  EXPECT_EQ(response.status, 501);
  EXPECT_THAT(response.body, HasSubstr("gzip"));
}

TEST_F(UnaryTest, TimeoutEndsTheCall) {
  const TestResponse response =
      PostJson(kGetRun, R"({"name": "forever"})", "Connect-Timeout-Ms: 30\r\n");
  EXPECT_EQ(response.status, 504);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"deadline_exceeded")"));
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
}

TEST_F(UnaryTest, TimeoutThatIsNoNumberIsRefused) {
  for (const char* text : {"soon", "-1", "12345678901", "1.5", ""}) {
    EXPECT_EQ(PostJson(kGetRun, "{}",
                       absl::StrCat("Connect-Timeout-Ms: ", text, "\r\n"))
                  .status,
              400)
        << text;
  }
}

TEST_F(UnaryTest, ClientWhoLeavesCancelsTheCall) {
  TestSocket socket(port());
  socket.Send(
      Post(port(), kGetRun, "application/json", R"({"name": "forever"})"));
  ASSERT_TRUE(server_.calls().WaitFor("begun", 1));
  socket.Close();
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
}

TEST_F(UnaryTest, StopEndsCallsThatAreUnderWay) {
  TestSocket socket(port());
  socket.Send(
      Post(port(), kGetRun, "application/json", R"({"name": "forever"})"));
  ASSERT_TRUE(server_.calls().WaitFor("begun", 1));
  gateway_->Stop();
  EXPECT_TRUE(server_.calls().WaitFor("cancelled", 1));
  socket.ReadToEnd();
  EXPECT_TRUE(socket.is_closed());
}

TEST_F(UnaryTest, StopLetsAnAnswerUnderWayEnd) {
  TestSocket socket(port());
  socket.Send(Post(port(), kGetRun, "application/json",
                   R"({"name": "forever"})", "Connect-Timeout-Ms: 50\r\n"));
  ASSERT_TRUE(server_.calls().WaitFor("begun", 1));
  gateway_->Stop(std::chrono::seconds(10));
  EXPECT_EQ(socket.ReadResponse().status, 504);
}

TEST_F(UnaryTest, BearerTokenAndPeerGoAlongAndNothingElse) {
  const TestResponse response =
      PostJson("/engram.v1.Admin/WhoAmI", "{}",
               "Authorization: Bearer abc\r\nEngram-Http-Peer: forged\r\n");
  EXPECT_THAT(response.body, HasSubstr(R"("user":"Bearer abc")"));
  EXPECT_THAT(response.body, HasSubstr(R"("token":"http:127.0.0.1:)"));
}

TEST_F(UnaryTest, LargeAnswerComesWhole) {
  const TestResponse response =
      PostJson("/engram.v1.Experiments/GetExperiment", "{}");
  EXPECT_EQ(response.body.size(),
            (1 << 20) + std::string(R"({"text":""})").size());
}

}  // namespace
}  // namespace engram
