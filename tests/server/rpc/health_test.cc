#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engram/v1/experiments.grpc.pb.h"
#include "running_server.h"

namespace engram {
namespace {

// grpc.health.v1.HealthCheckRequest and -Response by hand: one field each
// (https://github.com/grpc/grpc/blob/master/doc/health-checking.md), so that
// the proto need not be built here.
grpc::ByteBuffer Asking(const std::string& service) {
  const std::string bytes =
      service.empty()
          ? std::string()
          : std::string("\x0a") + static_cast<char>(service.size()) + service;
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// 1 SERVING, 2 NOT_SERVING; 0 for anything else.
int StatusIn(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return 0;
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes.size() == 2 && bytes[0] == '\x08' ? bytes[1] : 0;
}

int Check(const std::shared_ptr<grpc::Channel>& channel,
          const std::string& service) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check",
                                    Asking(service), &queue);
  call->StartCall();
  grpc::ByteBuffer reply;
  grpc::Status status;
  call->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status.ok() ? StatusIn(reply) : -static_cast<int>(status.error_code());
}

// What the health service tells of one name, as it changes; for half a minute.
class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel,
              const std::string& service)
      : stub_(channel) {
    context_.set_deadline(std::chrono::system_clock::now() +
                          std::chrono::seconds(30));
    call_ =
        stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(nullptr);
    if (!Done()) return;
    call_->Write(Asking(service), nullptr);
    if (!Done()) return;
    call_->WritesDone(nullptr);
    Done();
  }
  ~HealthWatch() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Done();
  }

  // As Check; -1 once nothing more is told.
  int Next() {
    grpc::ByteBuffer answer;
    call_->Read(&answer, nullptr);
    return Done() ? StatusIn(answer) : -1;
  }
  // False when it is never told.
  bool WaitFor(int wanted) {
    int told = 0;
    while (told != wanted && told != -1) told = Next();
    return told == wanted;
  }

 private:
  bool Done() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    return ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

const char* const kServices[] = {"",
                                 "engram.v1.Admin",
                                 "engram.v1.Experiments",
                                 "engram.v1.Runs",
                                 "engram.v1.Events",
                                 "engram.NewRuns"};

TEST(HealthTest, EveryServiceHasItsName) {
  RunningServer running;
  for (const char* service : kServices) {
    EXPECT_EQ(Check(running.Tcp(), service), 1) << service;
  }
  EXPECT_EQ(Check(running.Tcp(), "engram.v1.Nothing"),
            -static_cast<int>(grpc::StatusCode::NOT_FOUND));
}

TEST(HealthTest, ANearlyFullDiskTakesNoRunsUntilThereIsSpace) {
  RunningServer running;
  HealthWatch health(running.Tcp(), "engram.NewRuns");
  const auto submit = [&] {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_preset("flagship");
    request.set_request_id(FreshId());
    v1::Experiment made;
    return v1::Experiments::NewStub(running.Tcp())
        ->CreateExperiment(As(running.admin_token()).get(), request, &made)
        .error_code();
  };
  running.SetFreeDisk(1'000'000);
  EXPECT_EQ(submit(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(health.WaitFor(2));
  EXPECT_EQ(Check(running.Tcp(), ""), 1) << "everything else is served";
  const auto page =
      running.server().Metrics("Bearer " + running.admin_token(), 0);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_NE(page->find("engram_disk_low 1\n"), std::string::npos);
  running.SetFreeDisk(int64_t{1} << 40);
  EXPECT_EQ(submit(), grpc::StatusCode::OK);
  EXPECT_TRUE(health.WaitFor(1));
}

// A watcher of the health service hears the flip over a connection that still
// stands; only then are connections refused.
TEST(HealthTest, WatchersHearTheFlipBeforeTheEnd) {
  for (const char* service : {"", "engram.v1.Runs"}) {
    RunningServer stopping;
    std::optional<HealthWatch> health(std::in_place, stopping.Tcp(), service);
    EXPECT_EQ(health->Next(), 1) << service;
    auto stopped =
        std::async(std::launch::async, [&] { stopping.server().Stop(); });
    EXPECT_EQ(health->Next(), 2) << service << ": the flip was never told";
    health.reset();  // else the server waits for it as long as it does for any
    stopped.wait();
    EXPECT_EQ(Check(stopping.Tcp(), ""),
              -static_cast<int>(grpc::StatusCode::UNAVAILABLE));
  }
}

}  // namespace
}  // namespace engram
