#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/lab.h"

namespace engram::cli {
namespace {

// Answers a cancel of a run of k7m2q9xw4p, and of all its runs.
class ChangeEachTest : public testing::Test {
 protected:
  ChangeEachTest() {
    server_.On<v1::CancelRequest, v1::CancelResponse>(
        calls::kCancel, [](const v1::CancelRequest& request) {
          v1::CancelResponse response;
          const bool is_run =
              request.name().find("/runs/") != std::string::npos;
          response.set_run_count(is_run ? 1 : 3);
          return response;
        });
  }

  FakeServer server_;
};

TEST_F(ChangeEachTest, NamesEachAsItCanBeTypedAgain) {
  const Outcome outcome =
      Engram(server_, {"cancel", "k7m2q9xw4p/2", "k7m2q9xw4p"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "k7m2q9xw4p/2: 1 run asked to stop\n"
            "k7m2q9xw4p: 3 runs asked to stop\n");
}

TEST_F(ChangeEachTest, GivesProgramsTheWholeNameAndTheCount) {
  const Outcome json =
      Engram(server_, {"cancel", "k7m2q9xw4p/2", "-o", "json"});
  EXPECT_EQ(json.out,
            "{\"name\":\"experiments/k7m2q9xw4p/runs/2\","
            "\"runCount\":\"1\"}\n");
  const Outcome csv = Engram(server_, {"cancel", "k7m2q9xw4p/2", "-o", "csv"});
  EXPECT_EQ(csv.out, "name,run_count\nk7m2q9xw4p/2,1\n");
}

}  // namespace
}  // namespace engram::cli
