#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "server/gateway/gateway.h"
#include "tests/server/gateway/fake_server.h"
#include "tests/server/gateway/http_client.h"

namespace engram {

// A gateway on a free port before a FakeServer. The login code "good" gives
// the session "secret"; ending a session is noted.
class GatewayTest : public testing::Test {
 protected:
  GatewayTest() { options_.port = 0; }

  // With the options as they are now.
  void Start() {
    options_.channel = server_.Channel();
    options_.log = [this](const RequestLine& line) {
      MutexLock lock(mu_);
      lines_.push_back(line);
    };
    options_.logins.redeem = [](const std::string& code, const std::string&,
                                auto done) {
      if (code != "good") return done(absl::NotFoundError("no such code"));
      done(Logins::Session{.secret = "secret", .life_s = 60});
    };
    options_.logins.end = [this](const std::string& secret, const std::string&,
                                 auto done) {
      server_.calls().Add("ended " + secret);
      done(absl::OkStatus());
    };
    auto gateway = Gateway::Start(options_);
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
  }

  int port() const { return gateway_->port(); }
  TestResponse PostJson(const std::string& path, const std::string& body,
                        const std::string& fields = "") {
    return Call(port(), Post(port(), path, "application/json", body, fields));
  }
  std::vector<RequestLine> lines() {
    MutexLock lock(mu_);
    return lines_;
  }

  FakeServer server_;
  Gateway::Options options_;
  Mutex mu_;
  std::vector<RequestLine> lines_ GUARDED_BY(mu_);
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace engram
