#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/cli/wire/client.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wire/request_id.h"
#include "client/cli/wire/settings.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/client/cli/fake_server.h"

namespace engram::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// How the contract has the call otherwise; empty when it has it with these
// types.
template <class Request, class Response>
std::string Fault(const char* path, bool streams) {
  std::string name(path + 1);
  name[name.find('/')] = '.';
  const auto* method =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          name);
  if (method == nullptr) return name + " is not there";
  if (method->input_type() != Request::descriptor() ||
      method->output_type() != Response::descriptor()) {
    return name + " has other types";
  }
  return method->server_streaming() == streams ? ""
                                               : name + " streams otherwise";
}

template <class Request, class Response>
std::string FaultOf(const Method<Request, Response>& method) {
  return Fault<Request, Response>(method.path, false);
}
template <class Request, class Response>
std::string FaultOf(const StreamMethod<Request, Response>& method) {
  return Fault<Request, Response>(method.path, true);
}

TEST(MethodsTest, EveryCallIsInTheContractWithItsTypes) {
  const auto faults_of = [](const auto&... methods) {
    return std::vector<std::string>{FaultOf(methods)...};
  };
  const std::vector<std::string> faults = faults_of(
      calls::kCreateExperiment, calls::kEstimateExperiment,
      calls::kGetExperiment, calls::kListExperiments, calls::kUpdateExperiment,
      calls::kDeleteExperiment, calls::kCancel, calls::kRetry, calls::kContinue,
      calls::kVerifyRun, calls::kGetVerification, calls::kGetRun,
      calls::kListRuns, calls::kListTransitions, calls::kListAttempts,
      calls::kListSeries, calls::kReadSeries, calls::kListArrays,
      calls::kListInputs, calls::kReadArray, calls::kReadLog,
      calls::kExplainRun, calls::kWatch, calls::kListComponentTypes,
      calls::kGetComponentType, calls::kDescribe, calls::kListPresets,
      calls::kGetPreset, calls::kUploadDataset, calls::kListDatasets,
      calls::kGetDataset, calls::kDeleteDataset, calls::kWhoAmI,
      calls::kCreateUser, calls::kListUsers, calls::kUpdateQuota,
      calls::kCreateToken, calls::kListTokens, calls::kRevokeToken,
      calls::kDrain, calls::kBackup, calls::kCheck, calls::kCollectGarbage,
      calls::kGetStatus, calls::kListQueue, calls::kListWorkers);
  EXPECT_THAT(faults, testing::Each(IsEmpty()));
  const Method<v1::GetRunRequest, v1::Run> unknown{"/engram.v1.Runs/Fetch"};
  const Method<v1::GetRunRequest, v1::Run> other{"/engram.v1.Runs/ReadLog"};
  EXPECT_THAT(FaultOf(unknown), HasSubstr("not there"));
  EXPECT_THAT(FaultOf(other), HasSubstr("other types"));
}

TEST(RequestIdTest, IsAUuidOfItsOwn) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.insert(NewRequestId());
  EXPECT_EQ(ids.size(), 100);
  EXPECT_THAT(*ids.begin(),
              testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-"
                                    "[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

struct Connected {
  FakeServer server;
  int pauses = 0;
  Client client{server.Connect(),
                {.server = "fake",
                 .token = "secret",
                 .sleep = [this](absl::Duration) { ++pauses; }}};
};

TEST(ClientTest, AChangeIsRepeatedWithTheSameIdWhileTheServerIsAway) {
  Connected connected;
  int calls = 0;
  connected.server.On<v1::CancelRequest, v1::CancelResponse>(
      calls::kCancel,
      [&](const v1::CancelRequest&) -> absl::StatusOr<v1::CancelResponse> {
        if (++calls < 3) return absl::UnavailableError("going down");
        v1::CancelResponse response;
        response.set_run_count(4);
        return response;
      });
  v1::CancelRequest request;
  request.set_name("experiments/a");
  const auto response = connected.client.Change(calls::kCancel, request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->run_count(), 4);
  EXPECT_EQ(connected.pauses, 2);
  const auto requests = connected.server.Requests(calls::kCancel);
  ASSERT_EQ(requests.size(), 3);
  EXPECT_FALSE(requests[0].request_id().empty());
  EXPECT_EQ(requests[0].request_id(), requests[2].request_id());
}

TEST(ClientTest, AChangeWhoseAnswerIsLateIsRepeatedWithTheSameId) {
  Connected connected;
  int calls = 0;
  connected.server.On<v1::CancelRequest, v1::CancelResponse>(
      calls::kCancel,
      [&](const v1::CancelRequest&) -> absl::StatusOr<v1::CancelResponse> {
        if (++calls == 1) return absl::DeadlineExceededError("late");
        return v1::CancelResponse();
      });
  const auto response =
      connected.client.Change(calls::kCancel, v1::CancelRequest());
  ASSERT_TRUE(response.ok()) << response.status();
  const auto requests = connected.server.Requests(calls::kCancel);
  ASSERT_EQ(requests.size(), 2);
  EXPECT_EQ(requests[0].request_id(), requests[1].request_id());
}

TEST(ClientTest, AServerThatIsAlwaysLateIsGivenUp) {
  Connected connected;
  connected.server.On<v1::CancelRequest, v1::CancelResponse>(
      calls::kCancel,
      [](const v1::CancelRequest&) -> absl::StatusOr<v1::CancelResponse> {
        return absl::DeadlineExceededError("late");
      });
  const auto response =
      connected.client.Change(calls::kCancel, v1::CancelRequest());
  EXPECT_TRUE(absl::IsDeadlineExceeded(response.status()));
  EXPECT_EQ(connected.server.calls().size(), 3);
}

TEST(ClientTest, DetailsOfManyFaultsCrossTheWire) {
  google::rpc::BadRequest bad;
  for (int i = 1; i <= 200; ++i) {
    auto* violation = bad.add_field_violations();
    violation->set_field("text:" + std::to_string(i) + ":experiment.network");
    violation->set_description(std::string(1000, 'x'));
  }
  FakeServer server;
  server.On<v1::WhoAmIRequest, v1::WhoAmIResponse>(
      calls::kWhoAmI,
      [&](const v1::WhoAmIRequest&) -> absl::StatusOr<v1::WhoAmIResponse> {
        return WithDetails(absl::StatusCode::kInvalidArgument, "200 faults",
                           bad);
      });
  Client client(ConnectTo(server.address(), ""),
                {.server = server.address(), .token = "", .sleep = {}});
  const absl::Status status =
      client.Call(calls::kWhoAmI, v1::WhoAmIRequest()).status();
  ASSERT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(ExplainError(status, {"", "rules.yaml"}),
              HasSubstr("rules.yaml:200: experiment.network: xxx"));
}

TEST(ClientTest, AChangeThatIsRefusedIsNotRepeated) {
  Connected connected;
  connected.server.On<v1::CancelRequest, v1::CancelResponse>(
      calls::kCancel,
      [](const v1::CancelRequest&) -> absl::StatusOr<v1::CancelResponse> {
        return absl::PermissionDeniedError("ada's");
      });
  const auto response =
      connected.client.Change(calls::kCancel, v1::CancelRequest());
  EXPECT_TRUE(absl::IsPermissionDenied(response.status()));
  EXPECT_EQ(connected.server.calls().size(), 1);
}

TEST(ClientTest, EveryCallBearsTheToken) {
  Connected connected;
  connected.client.Call(calls::kWhoAmI, v1::WhoAmIRequest())
      .status()
      .IgnoreError();
  ASSERT_EQ(connected.server.calls().size(), 1);
  EXPECT_EQ(connected.server.calls()[0].authorization, "Bearer secret");
}

TEST(ClientTest, OnlyThisMachineIsSpokenToInPlainText) {
  for (const char* local :
       {"localhost:7070", "127.0.0.1:7070", "[::1]:7070", "unix:/run/e.sock"}) {
    EXPECT_TRUE(IsLocal(local)) << local;
  }
  for (const char* remote :
       {"lab:7070", "10.0.0.1:7070", "localhost.evil.org:7070"}) {
    EXPECT_FALSE(IsLocal(remote)) << remote;
  }
}

TEST(ExplainTest, FaultsComeAsLinesInTheOrderOfTheText) {
  google::rpc::BadRequest bad;
  const auto add = [&](const char* field, const char* text) {
    auto* violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(text);
  };
  add("text:10:seed", "-1 is below 0");
  add("text:6:experiment.rule.etta",
      "hebbian has no parameter etta; did you mean eta?");
  add("tags", "at most 20");
  const absl::Status status =
      WithDetails(absl::StatusCode::kInvalidArgument, "3 faults", bad);
  EXPECT_EQ(ExplainError(status, {"localhost:7070", "rules.yaml"}),
            "rules.yaml: tags: at most 20\n"
            "rules.yaml:6: experiment.rule.etta: hebbian has no parameter "
            "etta; did you mean eta?\n"
            "rules.yaml:10: seed: -1 is below 0\n");
}

TEST(ExplainTest, HowManyMoreFaultsThereAreComesLast) {
  google::rpc::BadRequest bad;
  bad.add_field_violations()->set_description("and 12 more");
  auto* violation = bad.add_field_violations();
  violation->set_field("text:6:seed");
  violation->set_description("-1 is below 0");
  const absl::Status status =
      WithDetails(absl::StatusCode::kInvalidArgument, "13 faults", bad);
  EXPECT_EQ(ExplainError(status, {"localhost:7070", "rules.yaml"}),
            "rules.yaml:6: seed: -1 is below 0\n"
            "and 12 more\n");
}

TEST(ExplainTest, AServerThatIsNotThereGetsOneSentence) {
  const std::string text =
      ExplainError(absl::UnavailableError("failed to connect to all addresses"),
                   {"localhost:7070", ""});
  EXPECT_EQ(text,
            "engram: no server answers at localhost:7070; start one with "
            "`engramd`, or name another with --server or ENGRAM_SERVER\n");
}

// In the words of gRPC 1.51.
TEST(ExplainTest, EachFaultOfTlsGetsOneSentence) {
  const std::string start =
      "failed to connect to all addresses; last error: "
      "UNKNOWN: ipv4:10.0.0.7:7070: ";
  const std::map<std::string, std::string> faults = {
      {"Ssl handshake failed: SSL_ERROR_SSL: error:0A000086:SSL "
       "routines::certificate verify failed",
       "--ca FILE"},
      {"Peer name lab is not in peer certificate", "for another name"},
      {"Ssl handshake failed: SSL_ERROR_SSL: error:0A00010B:SSL "
       "routines::wrong version number",
       "does not speak TLS"},
      {"Ssl handshake failed: SSL_ERROR_SSL: error:0A00042E:SSL "
       "routines::tlsv1 alert protocol version",
       "no common TLS"}};
  for (const auto& [message, wanted] : faults) {
    const std::string text =
        ExplainError(absl::UnavailableError(start + message), {"lab:7070", ""});
    EXPECT_THAT(text, StartsWith("engram: no secure connection to lab:7070: "));
    EXPECT_THAT(text, HasSubstr(wanted));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  }
}

TEST(ExplainTest, AQuotaIsNamed) {
  google::rpc::QuotaFailure quota;
  auto* violation = quota.add_violations();
  violation->set_subject("users/ada");
  violation->set_description("100 runs may wait, 100 do");
  const std::string text = ExplainError(
      WithDetails(absl::StatusCode::kResourceExhausted, "too many", quota), {});
  EXPECT_THAT(text, HasSubstr("users/ada: 100 runs may wait, 100 do"));
}

TEST(ExplainTest, AQuotaThatTheMessageNamesIsNotRepeated) {
  google::rpc::QuotaFailure quota;
  quota.add_violations()->set_description("ada has 100 runs waiting");
  EXPECT_EQ(ExplainError(WithDetails(absl::StatusCode::kResourceExhausted,
                                     "ada has 100 runs waiting", quota),
                         {}),
            "engram: ada has 100 runs waiting\n");
}

TEST(ExplainTest, AMissingTokenSaysHowToGetOne) {
  EXPECT_THAT(ExplainError(absl::UnauthenticatedError("no token"), {}),
              HasSubstr("engram login"));
}

TEST(ExplainTest, ExitCodesSayWhatKindOfErrorItWas) {
  using absl::StatusCode;
  const std::map<StatusCode, int> codes = {
      {StatusCode::kInvalidArgument, 2},    {StatusCode::kNotFound, 3},
      {StatusCode::kPermissionDenied, 4},   {StatusCode::kUnauthenticated, 4},
      {StatusCode::kUnavailable, 5},        {StatusCode::kAborted, 6},
      {StatusCode::kFailedPrecondition, 6}, {StatusCode::kAlreadyExists, 6},
      {StatusCode::kResourceExhausted, 7},  {StatusCode::kInternal, 1}};
  for (const auto& [code, exit] : codes) {
    EXPECT_EQ(ExitCodeOf(absl::Status(code, "")), exit);
  }
}

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/settings-" + NewRequestId();
    variables_["XDG_CONFIG_HOME"] = folder_;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Environment environment() {
    return [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      if (found == variables_.end()) return std::nullopt;
      return found->second;
    };
  }

  void WriteFile(const std::string& text, mode_t mode) {
    std::filesystem::create_directories(folder_ + "/engram");
    const std::string file = folder_ + "/engram/client.yaml";
    std::ofstream(file) << text;
    chmod(file.c_str(), mode);
  }

  std::string folder_;
  std::map<std::string, std::string> variables_;
};

TEST_F(SettingsTest, FlagsComeBeforeTheEnvironmentAndThatBeforeTheFile) {
  WriteFile("server: file:1\ntoken: from-file\n", 0600);
  EXPECT_EQ(LoadSettings({}, environment())->server, "file:1");
  EXPECT_EQ(LoadSettings({}, environment())->token, "from-file");
  variables_["ENGRAM_SERVER"] = "environment:1";
  variables_["ENGRAM_TOKEN"] = "from-environment";
  EXPECT_EQ(LoadSettings({}, environment())->server, "environment:1");
  EXPECT_EQ(LoadSettings({.server = "flag:1"}, environment())->server,
            "flag:1");
  EXPECT_EQ(LoadSettings({}, environment())->token, "from-environment");
}

TEST_F(SettingsTest, WhatIsSavedIsLoadedAndNobodyElseReadsIt) {
  Settings settings;
  settings.server = "localhost:7171";
  settings.token = "s3cret: #x";
  settings.file = SettingsFile(environment());
  ASSERT_TRUE(SaveSettings(settings).ok());
  const auto loaded = LoadSettings({}, environment());
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->server, settings.server);
  EXPECT_EQ(loaded->token, settings.token);
  EXPECT_THAT(loaded->warning, IsEmpty());
  struct stat info;
  ASSERT_EQ(stat(settings.file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(SettingsTest, AuthorityOfTheFileIsForItsServerAlone) {
  WriteFile("server: lab:1\ntoken: x\nca: /lab.pem\n", 0600);
  EXPECT_EQ(LoadSettings({}, environment())->ca, "/lab.pem");
  EXPECT_EQ(LoadSettings({.server = "lab:1"}, environment())->ca, "/lab.pem");
  EXPECT_EQ(LoadSettings({.server = "other:1"}, environment())->ca, "");
  variables_["ENGRAM_CA"] = "/environment.pem";
  EXPECT_EQ(LoadSettings({.server = "other:1"}, environment())->ca,
            "/environment.pem");
  EXPECT_EQ(LoadSettings({.ca = "/flag.pem"}, environment())->ca, "/flag.pem");
}

TEST_F(SettingsTest, AuthorityIsReadOrItsFaultIsSaid) {
  std::filesystem::create_directories(folder_);
  Settings settings;
  EXPECT_EQ(*ReadAuthorities(settings), "");
  settings.ca = folder_ + "/none.pem";
  EXPECT_THAT(ReadAuthorities(settings).status().message(),
              HasSubstr("none.pem cannot be read: No such file"));
  settings.ca = folder_ + "/text.pem";
  std::ofstream(settings.ca) << "hello\n";
  EXPECT_THAT(ReadAuthorities(settings).status().message(),
              HasSubstr("no certificate in PEM form"));
  std::ofstream(settings.ca) << "-----BEGIN CERTIFICATE-----\n";
  EXPECT_EQ(*ReadAuthorities(settings), "-----BEGIN CERTIFICATE-----\n");
}

TEST_F(SettingsTest, AuthorityIsSavedWithItsWholePath) {
  Settings settings;
  settings.server = "lab:1";
  settings.token = "x";
  settings.ca = "lab.pem";
  settings.file = SettingsFile(environment());
  ASSERT_TRUE(SaveSettings(settings).ok());
  EXPECT_EQ(LoadSettings({}, environment())->ca,
            std::filesystem::current_path() / "lab.pem");
}

TEST_F(SettingsTest, AFileThatOthersReadIsWarnedOf) {
  WriteFile("token: x\n", 0644);
  EXPECT_THAT(LoadSettings({}, environment())->warning, HasSubstr("chmod 600"));
}

TEST_F(SettingsTest, AnUnknownKeyGetsTheNearest) {
  WriteFile("sever: x\n", 0600);
  EXPECT_THAT(LoadSettings({}, environment()).status().message(),
              HasSubstr("did you mean server?"));
}

TEST_F(SettingsTest, ATokenFileThatIsMissingIsSaid) {
  EXPECT_THAT(LoadSettings({.token_file = folder_ + "/none"}, environment())
                  .status()
                  .message(),
              HasSubstr("/none"));
}

}  // namespace
}  // namespace engram::cli
