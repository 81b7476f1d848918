// Replies that are lost: every tenth mutation is performed, but its client
// hears of a failure and sends it again under the same request id, at times
// twice at once. What was done is done exactly once.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engram/v1/admin.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "running_server.h"
#include "server/store/listing.h"
#include "server/store/store.h"

namespace engram {
namespace {

constexpr int kThreads = 8;
constexpr double kLost = 0.1;
constexpr const char* kText = R"(name: exactly once
experiment:
  type: sequence_learning
  network: {type: rate_rnn, units: 20}
  task: {type: item_sequence, items: 4, units_per_item: 5}
  rule: {type: hebbian}
seed: 1
)";

int CallCount() {
  return std::getenv("ENGRAM_LONG") != nullptr ? 10'000 : 1'000;
}

// What one client did, by its own account.
struct Account {
  int64_t calls = 0;
  int64_t repeated = 0;
  int64_t created = 0;
  int64_t deleted = 0;
  int64_t tokens = 0;
};

// One client that loses every tenth reply.
class LossyClient {
 public:
  LossyClient(RunningServer& running, const std::string& token, unsigned seed)
      : experiments_(v1::Experiments::NewStub(running.InProcess())),
        admin_(v1::Admin::NewStub(running.InProcess())),
        token_(token),
        random_(seed) {}

  void Work(int64_t calls) {
    while (account_.calls < calls) Once();
  }
  const Account& account() const { return account_; }

 private:
  using Stub = v1::Experiments::Stub;

  // Sends the request until a reply arrives. Whatever arrives for one request
  // id is the same answer.
  template <class Request, class Reply, class TheStub>
  Reply Call(TheStub& stub,
             grpc::Status (TheStub::*method)(grpc::ClientContext*,
                                             const Request&, Reply*),
             Request request) {
    request.set_request_id(FreshId());
    ++account_.calls;
    std::vector<std::string> replies;
    Reply reply;
    while (true) {
      const bool is_lost = Part() < kLost;
      const bool is_doubled = is_lost && Part() < 0.5;
      auto second =
          is_doubled
              ? std::async(std::launch::async,
                           [&, request] { return Send(stub, method, request); })
              : std::future<std::string>();
      replies.push_back(Send(stub, method, request));
      if (is_doubled) replies.push_back(second.get());
      for (const std::string& one : replies) EXPECT_EQ(one, replies.front());
      if (!is_lost) break;
      ++account_.repeated;
    }
    EXPECT_TRUE(reply.ParseFromString(replies.front()));
    return reply;
  }

  template <class Request, class Reply, class TheStub>
  std::string Send(TheStub& stub,
                   grpc::Status (TheStub::*method)(grpc::ClientContext*,
                                                   const Request&, Reply*),
                   const Request& request) {
    Reply reply;
    const grpc::Status status =
        (stub.*method)(As(token_).get(), request, &reply);
    EXPECT_TRUE(status.ok())
        << Request::descriptor()->name() << ": " << status.error_message();
    return reply.SerializeAsString();
  }

  void Once() {
    const double choice = Part();
    if (choice < 0.4 || names_.empty()) {
      Create();
    } else if (choice < 0.6) {
      Tag();
    } else if (choice < 0.8) {
      CancelOne();
    } else if (choice < 0.9) {
      Delete();
    } else {
      MakeToken();
    }
  }

  void Create() {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(kText);
    names_.push_back(
        Call(*experiments_, &Stub::CreateExperiment, request).name());
    ++account_.created;
  }
  void Tag() {
    v1::UpdateExperimentRequest request;
    request.mutable_experiment()->set_name(names_.back());
    request.mutable_experiment()->add_tags(absl::StrCat("t", account_.calls));
    request.mutable_update_mask()->add_paths("tags");
    Call(*experiments_, &Stub::UpdateExperiment, request);
  }
  void CancelOne() {
    v1::CancelRequest request;
    request.set_name(names_.back());
    Call(*experiments_, &Stub::Cancel, request);
  }
  // What waits is cancelled first: it could not be deleted.
  void Delete() {
    CancelOne();
    v1::DeleteExperimentRequest request;
    request.set_name(names_.back());
    Call(*experiments_, &Stub::DeleteExperiment, request);
    names_.pop_back();
    ++account_.deleted;
  }
  void MakeToken() {
    v1::CreateTokenRequest request;
    request.set_user("ada");
    request.set_scope(v1::SCOPE_VIEWER);
    Call(*admin_, &v1::Admin::Stub::CreateToken, request);
    ++account_.tokens;
  }

  double Part() {
    return std::uniform_real_distribution<double>(0, 1)(random_);
  }

  const std::unique_ptr<Stub> experiments_;
  const std::unique_ptr<v1::Admin::Stub> admin_;
  const std::string token_;
  std::mt19937 random_;
  std::vector<std::string> names_;
  Account account_;
};

Account Sum(const std::vector<std::unique_ptr<LossyClient>>& clients) {
  Account sum;
  for (const auto& client : clients) {
    const Account& one = client->account();
    sum.calls += one.calls;
    sum.repeated += one.repeated;
    sum.created += one.created;
    sum.deleted += one.deleted;
    sum.tokens += one.tokens;
  }
  return sum;
}

std::vector<std::unique_ptr<LossyClient>> WorkAtOnce(RunningServer& running,
                                                     int64_t calls) {
  std::vector<std::unique_ptr<LossyClient>> clients;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    clients.push_back(std::make_unique<LossyClient>(
        running, running.admin_token(), 1000 + i));
    threads.emplace_back(
        [&client = *clients.back(), calls] { client.Work(calls / kThreads); });
  }
  for (std::thread& thread : threads) thread.join();
  return clients;
}

int64_t TokensOf(RunningServer& running, const std::string& user) {
  v1::ListTokensRequest request;
  request.set_user(user);
  v1::ListTokensResponse reply;
  EXPECT_TRUE(v1::Admin::NewStub(running.InProcess())
                  ->ListTokens(As(running.admin_token()).get(), request, &reply)
                  .ok());
  return reply.tokens_size();
}

int64_t ExperimentsIn(RunningServer& running) {
  int64_t count = 0;
  store::ListQuery query{.page_size = 1000};
  const auto count_page = [&](store::Reader& reader) -> absl::Status {
    auto page = store::ListExperiments(reader, query);
    if (!page.ok()) return page.status();
    count += std::ssize(page->rows);
    query.page_token = page->next_page_token;
    return absl::OkStatus();
  };
  do {
    EXPECT_TRUE(running.server().store().Read(count_page).ok());
  } while (!query.page_token.empty());
  return count;
}

TEST(ExactlyOnceTest, LostRepliesRepeatNoEffect) {
  RunningServer running;
  running.MakeToken("ada", v1::SCOPE_VIEWER);
  const int64_t tokens_before = TokensOf(running, "ada");
  const Account did = Sum(WorkAtOnce(running, CallCount()));
  // One in ten, give or take five standard deviations.
  const double calls = static_cast<double>(did.calls);
  EXPECT_NEAR(static_cast<double>(did.repeated), calls * kLost / (1 - kLost),
              5 * std::sqrt(calls * kLost) / (1 - kLost));
  EXPECT_EQ(ExperimentsIn(running), did.created - did.deleted);
  EXPECT_EQ(TokensOf(running, "ada"), tokens_before + did.tokens);
}

TEST(ExactlyOnceTest, TheAnswerSurvivesARestart) {
  RunningServer running;
  v1::CreateExperimentRequest request;
  request.mutable_source()->set_text(kText);
  request.set_request_id(FreshId());
  v1::Experiment first, again;
  ASSERT_TRUE(
      v1::Experiments::NewStub(running.InProcess())
          ->CreateExperiment(As(running.admin_token()).get(), request, &first)
          .ok());
  running.Restart();
  ASSERT_TRUE(
      v1::Experiments::NewStub(running.InProcess())
          ->CreateExperiment(As(running.admin_token()).get(), request, &again)
          .ok());
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(ExperimentsIn(running), 1);
}

}  // namespace
}  // namespace engram
