#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/server/gateway/gateway_fixture.h"

namespace engram {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kWhoAmI[] = "/engram.v1.Admin/WhoAmI";

class SiteTest : public GatewayTest {
 protected:
  ~SiteTest() override { std::filesystem::remove_all(folder_); }

  void StartWithPages() {
    folder_ = testing::TempDir() + absl::StrCat("engram_site_", getpid());
    std::filesystem::create_directories(folder_ / "web/assets");
    Write("web/index.html", "<title>page</title>");
    Write("web/assets/app-1a2b.js", "let x");
    Write("web/.hidden", "hidden");
    Write("secret.txt", "secret");
    std::filesystem::create_symlink(folder_ / "secret.txt",
                                    folder_ / "web/link.txt");
    options_.web_folder = folder_ / "web";
    Start();
  }
  std::string Cookie() const {
    return absl::StrCat("Cookie: other=1; engram_session_", port(),
                        "=secret\r\n");
  }
  std::string Origin(const std::string& host) const {
    return absl::StrCat("Origin: http://", host, ":", port(), "\r\n");
  }

 private:
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  std::filesystem::path folder_;
};

TEST_F(SiteTest, MetricsAreForWhoBearsAToken) {
  options_.metrics = [](MetricsRequest request, auto done) {
    if (!request.authorization) {
      return done(absl::UnauthenticatedError("no token"));
    }
    if (*request.authorization == "Bearer weak") {
      return done(absl::PermissionDeniedError("too weak"));
    }
    done(absl::StrCat("open ", request.http_connections, "\n"));
  };
  Start();
  const auto get = [this](const std::string& fields) {
    return Call(port(), absl::StrCat(
                            "GET /metrics HTTP/1.1\r\nHost: localhost:", port(),
                            "\r\n", fields, "\r\n"));
  };
  const TestResponse page = get("Authorization: Bearer good\r\n");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "open 1\n");
  EXPECT_EQ(page.fields.at("content-type"),
            "text/plain; version=0.0.4; charset=utf-8");
  const TestResponse none = get("");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.fields.at("www-authenticate"), "Bearer");
  EXPECT_EQ(get(Cookie()).status, 401) << "a cookie is no token here";
  EXPECT_EQ(get("Authorization: Bearer weak\r\n").status, 403);
}

TEST_F(SiteTest, ForeignHostIs421) {
  Start();
  for (const std::string& host :
       {std::string("evil.example"), absl::StrCat("evil.example:", port()),
        std::string("localhost"), absl::StrCat("localhost:", port() + 1),
        absl::StrCat("127.0.0.1.evil.example:", port()), std::string("")}) {
    const TestResponse response =
        Call(port(),
             absl::StrCat("GET /healthz HTTP/1.1\r\nHost: ", host, "\r\n\r\n"));
    EXPECT_EQ(response.status, 421) << host;
  }
}

TEST_F(SiteTest, OwnHostsAreServed) {
  options_.names = {"Lab-Server"};
  Start();
  for (const char* host :
       {"localhost", "LOCALHOST", "127.0.0.1", "[::1]", "lab-server"}) {
    EXPECT_EQ(Call(port(), absl::StrCat("GET /healthz HTTP/1.1\r\nHost: ", host,
                                        ":", port(), "\r\n\r\n"))
                  .status,
              200)
        << host;
  }
}

TEST_F(SiteTest, NoHostOrTwoIs400) {
  Start();
  EXPECT_EQ(Call(port(), "GET /healthz HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(
      Call(port(), Get(port(), "/healthz", "Host: evil.example\r\n")).status,
      400);
}

TEST_F(SiteTest, HealthTurnsWhenStopping) {
  Start();
  EXPECT_EQ(Call(port(), Get(port(), "/healthz")).body, "ok\n");
  gateway_->SetStopping();
  const TestResponse response = Call(port(), Get(port(), "/healthz"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "stopping\n");
  EXPECT_EQ(PostJson("/engram.v1.Runs/GetRun", "{}").status, 200);
}

TEST_F(SiteTest, CookieOfOwnPageIsTheToken) {
  Start();
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const TestResponse response =
        PostJson(kWhoAmI, "{}", Cookie() + Origin(host));
    EXPECT_THAT(response.body, HasSubstr(R"("user":"Bearer secret")"));
  }
}

TEST_F(SiteTest, CookieOfAnotherPageIs403) {
  Start();
  for (const std::string& origin :
       {std::string("Origin: http://evil.example\r\n"),
        std::string("Origin: null\r\n"), std::string(),
        absl::StrCat("Origin: http://localhost:", port() + 1, "\r\n"),
        absl::StrCat("Origin: https://localhost:", port(), "\r\n"),
        Origin("localhost") + "Origin: http://evil.example\r\n"}) {
    const TestResponse response = PostJson(kWhoAmI, "{}", Cookie() + origin);
    EXPECT_EQ(response.status, 403) << origin;
    EXPECT_THAT(response.body, HasSubstr("permission_denied"));
  }
}

TEST_F(SiteTest, BearerTokenWinsOverTheCookie) {
  Start();
  const TestResponse response =
      PostJson(kWhoAmI, "{}", Cookie() + "Authorization: Bearer abc\r\n");
  EXPECT_THAT(response.body, HasSubstr(R"("user":"Bearer abc")"));
}

TEST_F(SiteTest, CookieOfAnotherPortIsNone) {
  Start();
  const TestResponse response =
      PostJson(kWhoAmI, "{}", "Cookie: engram_session_1=secret\r\n");
  EXPECT_THAT(response.body, Not(HasSubstr("secret")));
}

TEST_F(SiteTest, NothingAllowsOtherOrigins) {
  Start();
  TestSocket socket(port());
  socket.Send(absl::StrCat("OPTIONS ", kWhoAmI, " HTTP/1.1\r\nHost: localhost:",
                           port(), "\r\nOrigin: http://evil.example\r\n",
                           "Access-Control-Request-Method: POST\r\n\r\n"));
  const TestResponse response = socket.ReadResponse();
  EXPECT_EQ(response.status, 405);
  EXPECT_FALSE(response.fields.contains("access-control-allow-origin"));
}

TEST_F(SiteTest, LoginLinkSetsTheCookieOnce) {
  Start();
  const TestResponse response = Call(port(), Get(port(), "/login?code=good"));
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(response.fields.at("location"), "/");
  EXPECT_EQ(response.fields.at("set-cookie"),
            absl::StrCat("engram_session_", port(),
                         "=secret; Max-Age=60; Path=/; HttpOnly; "
                         "SameSite=Strict"));
}

TEST_F(SiteTest, BadLoginLinkSaysHowToGetAnother) {
  Start();
  for (const char* path : {"/login", "/login?code=", "/login?code=bad",
                           "/login?code=%zz", "/login?x=good"}) {
    const TestResponse response = Call(port(), Get(port(), path));
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_FALSE(response.fields.contains("set-cookie"));
    EXPECT_THAT(response.body, HasSubstr("CreateLoginLink"));
  }
}

TEST_F(SiteTest, HeadDoesNotUseALoginLinkUp) {
  Start();
  TestSocket socket(port());
  socket.Send(absl::StrCat("HEAD /login?code=good HTTP/1.1\r\nHost: localhost:",
                           port(), "\r\n\r\n"));
  EXPECT_EQ(socket.ReadResponse(/*has_body=*/false).status, 405);
}

TEST_F(SiteTest, LogoutEndsTheSession) {
  Start();
  const TestResponse response =
      PostJson("/logout", "", Cookie() + Origin("localhost"));
  EXPECT_EQ(response.status, 204);
  EXPECT_THAT(response.fields.at("set-cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(server_.calls().Count("ended secret"), 1);
}

TEST_F(SiteTest, AnotherPageCannotLogOut) {
  Start();
  EXPECT_EQ(PostJson("/logout", "", Cookie()).status, 403);
  EXPECT_EQ(Call(port(), Get(port(), "/logout", Cookie())).status, 405);
  EXPECT_EQ(server_.calls().Count("ended secret"), 0);
}

TEST_F(SiteTest, WithoutADashboardThePageSaysWhatThisIs) {
  options_.web_folder = "/nowhere";
  Start();
  const TestResponse response = Call(port(), Get(port(), "/"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.fields.at("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("engram submit flagship"));
  EXPECT_THAT(response.body,
              HasSubstr(absl::StrCat("http://127.0.0.1:", port(), kWhoAmI)));
  EXPECT_EQ(Call(port(), Get(port(), "/other")).status, 404);
}

TEST_F(SiteTest, FilesHaveTypeTagAndCacheRule) {
  StartWithPages();
  const TestResponse page = Call(port(), Get(port(), "/index.html"));
  EXPECT_EQ(page.body, "<title>page</title>");
  EXPECT_EQ(page.fields.at("cache-control"), "no-cache");
  const TestResponse script = Call(port(), Get(port(), "/assets/app-1a2b.js"));
  EXPECT_EQ(script.fields.at("content-type"), "text/javascript; charset=utf-8");
  EXPECT_THAT(script.fields.at("cache-control"), HasSubstr("immutable"));
  const TestResponse again =
      Call(port(), Get(port(), "/assets/app-1a2b.js",
                       absl::StrCat("If-None-Match: \"x\", ",
                                    script.fields.at("etag"), "\r\n")));
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
}

TEST_F(SiteTest, PathsOfTheDashboardGiveItsPage) {
  StartWithPages();
  for (const char* path : {"/", "/runs/k7m2q9xw4p/17", "/experiments"}) {
    EXPECT_EQ(Call(port(), Get(port(), path)).body, "<title>page</title>")
        << path;
  }
  EXPECT_EQ(Call(port(), Get(port(), "/missing.js")).status, 404);
}

TEST_F(SiteTest, NoPathLeadsOutOfTheFolder) {
  StartWithPages();
  for (const char* path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
        "/assets/../../secret.txt", "//secret.txt", "/link.txt", "/.hidden",
        "/%00secret.txt", "/assets/..%5c..%5csecret.txt"}) {
    const TestResponse response = Call(port(), Get(port(), path));
    EXPECT_THAT(response.body, Not(HasSubstr("secret\n"))) << path;
    EXPECT_NE(response.body, "secret") << path;
    EXPECT_NE(response.body, "hidden") << path;
  }
}

TEST_F(SiteTest, HeadHasLengthAndNoBody) {
  StartWithPages();
  TestSocket socket(port());
  const std::string request =
      absl::StrCat("HEAD / HTTP/1.1\r\nHost: localhost:", port(), "\r\n\r\n");
  socket.Send(request + request);
  for (int i = 0; i < 2; ++i) {
    const TestResponse response = socket.ReadResponse(/*has_body=*/false);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.fields.at("content-length"), "19");
  }
}

TEST_F(SiteTest, EveryAnswerHasTheSecurityFields) {
  Start();
  for (const char* path : {"/", "/missing", "/healthz", "/login",
                           "/engram.v1.Runs/GetRun", "/engram.v1.No/No"}) {
    const TestResponse response = Call(port(), Get(port(), path));
    EXPECT_EQ(response.fields.at("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(response.fields.at("referrer-policy"), "no-referrer") << path;
    const std::string policy = response.fields.at("content-security-policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'")) << path;
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'")) << path;
    EXPECT_THAT(policy, Not(HasSubstr("unsafe"))) << path;
  }
}

}  // namespace
}  // namespace engram
