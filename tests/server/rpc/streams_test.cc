// Workers.Attach, Blobs and Events.Watch over a Unix socket, on a real queue
// and store.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "engram/v1/blobs.grpc.pb.h"
#include "engram/v1/events.grpc.pb.h"
#include "engram/v1/workers.grpc.pb.h"
#include "gmock/gmock.h"
#include "server/executor/worker_tokens.h"
#include "server/rpc/attach.h"
#include "server/rpc/bearer.h"
#include "server/rpc/blobs.h"
#include "server/rpc/event_message.h"
#include "server/rpc/log.h"
#include "server/rpc/pool.h"
#include "server/rpc/tokens.h"
#include "server/rpc/watch.h"
#include "server/store/token_table.h"
#include "server/watch/event_hub.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string DigestOf(const std::string& bytes) {
  const auto digest = Sha256(bytes);
  return std::string(digest.begin(), digest.end());
}

class StreamsTest : public QueueTest {
 protected:
  using AttachStream = grpc::ClientReaderWriter<v1::FromWorker, v1::ToWorker>;

  void SetUp() override {
    QueueTest::SetUp();
    auto hub = EventHub::Open(
        {}, *store_, {.event = EventMessage, .present = PresentMessage});
    ASSERT_TRUE(hub.ok()) << hub.status();
    hub_ = *std::move(hub);
    queue_->SetLiveListener(
        [this](const RunName& run, const LiveReport& report) {
          hub_->Live(run, LiveMessage(run, report, 0));
        });
    const auto now_us = [this] { return clock_.NowUs(); };
    auto tokens = Tokens::Open(*store_, worker_tokens_, now_us);
    ASSERT_TRUE(tokens.ok()) << tokens.status();
    tokens_ = *std::move(tokens);
    gate_ = std::make_unique<Gate>(*tokens_, *store_, pool_, now_us);
    workers_ = MakeWorkersService(*gate_, *queue_);
    blobs_ = MakeBlobsService(*gate_, store_->blobs());
    events_ = MakeEventsService(*gate_, *store_, *hub_);
    const std::string address = absl::StrCat("unix:", folder_.string(), "/s");
    server_ = grpc::ServerBuilder()
                  .AddListeningPort(address, grpc::InsecureServerCredentials())
                  .RegisterService(workers_.get())
                  .RegisterService(blobs_.get())
                  .RegisterService(events_.get())
                  .BuildAndStart();
    ASSERT_NE(server_, nullptr);
    channel_ = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    worker_token_ = worker_tokens_.Make(7);
  }

  void TearDown() override {
    hub_->Stop();
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_.reset();
    events_.reset();
    blobs_.reset();
    workers_.reset();
    gate_.reset();
    hub_.reset();
    QueueTest::TearDown();
  }

  static std::unique_ptr<grpc::ClientContext> As(const std::string& token) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", "Bearer " + token);
    return context;
  }

  std::string ViewerToken() {
    const std::string secret = NewSecret();
    store::TokenRow row;
    row.number = 1;
    row.user = "ada";
    row.scope = "viewer";
    row.sha256 = Sha256(secret);
    tokens_->Add(row);
    return secret;
  }

  static v1::FromWorker Registration(int version = 1) {
    v1::FromWorker message;
    auto& registration = *message.mutable_registration();
    registration.set_protocol_version(version);
    registration.set_build("build-1");
    registration.set_host("lab");
    registration.set_cpus(4);
    return message;
  }

  // The status with which Attach ends after this first message.
  grpc::Status AttachWith(const std::string& token,
                          const v1::FromWorker& first) {
    const auto stub = v1::Workers::NewStub(channel_);
    const auto context = As(token);
    const auto stream = stub->Attach(context.get());
    stream->Write(first);
    v1::ToWorker answer;
    EXPECT_FALSE(stream->Read(&answer));
    return stream->Finish();
  }

  Pool pool_{4};
  WorkerTokens worker_tokens_;
  std::unique_ptr<EventHub> hub_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<grpc::Service> workers_, blobs_, events_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string worker_token_;
};

TEST_F(StreamsTest, WorkerIsGivenARunAndWhatItReportsIsStored) {
  const std::string id = Submit();
  const auto stub = v1::Workers::NewStub(channel_);
  const auto context = As(worker_token_);
  const auto stream = stub->Attach(context.get());
  ASSERT_TRUE(stream->Write(Registration()));
  v1::ToWorker answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.registered().worker(), "workers/7");
  EXPECT_EQ(answer.registered().stored_event(), 0);
  ASSERT_TRUE(stream->Read(&answer));
  ASSERT_TRUE(answer.has_assignment());
  const v1::RunAssignment given = answer.assignment();
  EXPECT_EQ(given.key().attempt(), RunName({id, 0}).Attempt(1));
  EXPECT_EQ(given.resources().cpus(), 1);
  v1::FromWorker report;
  auto& event = *report.mutable_event();
  *event.mutable_key() = given.key();
  event.set_number(1);
  event.mutable_begun();
  ASSERT_TRUE(stream->Write(report));
  event.set_number(2);
  event.mutable_items()->set_first_ordinal(1);
  auto& point = *event.mutable_items()->add_items()->mutable_point();
  point.mutable_declared()->set_name("weight_norm");
  point.mutable_declared()->set_x("trial");
  point.set_x(1);
  point.set_value(0.5);
  ASSERT_TRUE(stream->Write(report));
  event.set_number(3);
  event.mutable_finished()->set_state(v1::RUN_STATE_SUCCEEDED);
  event.mutable_finished()->set_result_hash("r1:same");
  event.mutable_finished()->set_item_count(1);
  ASSERT_TRUE(stream->Write(report));
  while (answer.acknowledged().event() < 3) {
    ASSERT_TRUE(stream->Read(&answer));
  }
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).stored_ordinal, 1);
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamsTest, OnlyAWorkersTokenAttaches) {
  const auto unknown = AttachWith(std::string(64, 'a'), Registration());
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  const auto viewer = AttachWith(ViewerToken(), Registration());
  EXPECT_EQ(viewer.error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(StreamsTest, WorkerRegistersFirstAndSpeaksTheProtocol) {
  v1::FromWorker heartbeat;
  heartbeat.mutable_heartbeat();
  EXPECT_EQ(AttachWith(worker_token_, heartbeat).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  const auto other = AttachWith(worker_token_, Registration(2));
  EXPECT_EQ(other.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(other.error_message(), HasSubstr("version 2"));
}

TEST_F(StreamsTest, EveryEndOfAStreamIsLoggedEvenOfOneThatWasRefused) {
  SetUpLog("info", "json");
  ::testing::internal::CaptureStderr();
  AttachWith(std::string(64, 'a'), Registration());
  {
    const auto context = As(std::string(64, 'b'));
    const auto stub = v1::Blobs::NewStub(channel_);
    const auto reader = stub->Read(context.get(), v1::ReadRequest());
    EXPECT_FALSE(reader->Finish().ok());
  }
  {
    const auto context = As(worker_token_);
    const auto stub = v1::Blobs::NewStub(channel_);
    v1::WriteResponse written;
    const auto writer = stub->Write(context.get(), &written);
    writer->WritesDone();
    EXPECT_TRUE(writer->Finish().ok());
  }
  {
    const auto context = As(ViewerToken());
    const auto stub = v1::Events::NewStub(channel_);
    v1::WatchRequest request;
    request.add_parents("experiments/zzzzzzzzzz");
    const auto reader = stub->Watch(context.get(), request);
    EXPECT_FALSE(reader->Finish().ok());
  }
  const std::string log = ::testing::internal::GetCapturedStderr();
  SetUpLog("error", "text");
  const auto line = [](const char* method, const char* user, const char* code) {
    return HasSubstr(
        absl::StrCat("\"method\":\"engram.v1.", method, "\",\"user\":\"", user,
                     "\",\"request_id\":\"\",\"code\":\"", code, "\""));
  };
  EXPECT_THAT(log, line("Workers.Attach", "", "UNAUTHENTICATED"));
  EXPECT_THAT(log, line("Blobs.Read", "", "UNAUTHENTICATED"));
  EXPECT_THAT(log, line("Events.Watch", "users/ada", "NOT_FOUND"));
  // Chunks that are stored as they should be are many.
  EXPECT_THAT(log, ::testing::Not(HasSubstr("Blobs.Write")));
}

TEST_F(StreamsTest, ChunksAreWrittenOnceAndReadInOrder) {
  const auto stub = v1::Blobs::NewStub(channel_);
  const std::vector<std::string> chunks = {"one", "two", "three"};
  v1::FindMissingRequest wanted;
  v1::ReadRequest read;
  {
    v1::WriteResponse written;
    const auto context = As(worker_token_);
    const auto writer = stub->Write(context.get(), &written);
    for (const std::string& chunk : chunks) {
      v1::WriteRequest request;
      request.set_digest(DigestOf(chunk));
      request.set_data(chunk);
      ASSERT_TRUE(writer->Write(request));
      wanted.add_digests(DigestOf(chunk));
      read.add_digests(DigestOf(chunk));
    }
    writer->WritesDone();
    ASSERT_TRUE(writer->Finish().ok());
    EXPECT_EQ(written.chunk_count(), 3);
  }
  wanted.add_digests(DigestOf("four"));
  v1::FindMissingResponse missing;
  ASSERT_TRUE(
      stub->FindMissing(As(worker_token_).get(), wanted, &missing).ok());
  EXPECT_THAT(missing.digests(), ElementsAre(DigestOf("four")));
  const auto context = As(worker_token_);
  const auto reader = stub->Read(context.get(), read);
  std::vector<std::string> back;
  v1::ReadResponse response;
  while (reader->Read(&response)) back.push_back(response.data());
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(back, chunks);
}

TEST_F(StreamsTest, BytesThatDoNotMatchTheirDigestAreRefused) {
  const auto stub = v1::Blobs::NewStub(channel_);
  v1::WriteResponse written;
  const auto context = As(worker_token_);
  const auto writer = stub->Write(context.get(), &written);
  v1::WriteRequest request;
  request.set_digest(DigestOf("one"));
  request.set_data("another");
  writer->Write(request);
  writer->WritesDone();
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  v1::ReadRequest read;
  read.add_digests(DigestOf("one"));
  const auto reading = As(worker_token_);
  const auto reader = stub->Read(reading.get(), read);
  v1::ReadResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(StreamsTest, WatchFollowsARunToItsEnd) {
  const std::string id = Submit();
  const auto stub = v1::Events::NewStub(channel_);
  const auto context = As(ViewerToken());
  v1::WatchRequest request;
  request.add_parents("experiments/" + id);
  request.add_kinds(v1::EVENT_KIND_STATE);
  request.set_from_sequence(-1);
  request.set_until_done(true);
  const auto reader = stub->Watch(context.get(), request);
  v1::WatchResponse response;
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_EQ(response.events_size(), 1);
  EXPECT_EQ(response.events(0).state().run().state(), v1::RUN_STATE_QUEUED);
  EXPECT_EQ(response.events(0).parent(), RunName({id, 0}).Full());
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "enough", nullptr).ok());
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_EQ(response.events_size(), 1);
  EXPECT_EQ(response.events(0).state().transition().reason(), "enough");
  EXPECT_EQ(response.events(0).state().run().state(), v1::RUN_STATE_CANCELLED);
  EXPECT_EQ(response.end(), v1::WatchResponse::END_DONE);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(StreamsTest, WatchEndsWhenItsTokenIsRevoked) {
  const std::string id = Submit();
  const auto stub = v1::Events::NewStub(channel_);
  const auto context = As(ViewerToken());
  v1::WatchRequest request;
  request.add_parents("experiments/" + id);
  request.set_from_sequence(-1);
  const auto reader = stub->Watch(context.get(), request);
  v1::WatchResponse response;
  ASSERT_TRUE(reader->Read(&response));
  tokens_->Revoke(1, clock_.NowUs());
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "enough", nullptr).ok());
  while (reader->Read(&response)) {
    for (const v1::Event& event : response.events()) {
      EXPECT_NE(event.state().run().state(), v1::RUN_STATE_CANCELLED);
    }
  }
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_message(), HasSubstr("revoked"));
}

TEST_F(StreamsTest, WatchOfWhatIsNotThereIsNotFound) {
  const auto stub = v1::Events::NewStub(channel_);
  const auto context = As(ViewerToken());
  v1::WatchRequest request;
  request.add_parents("experiments/zzzzzzzzzz");
  const auto reader = stub->Watch(context.get(), request);
  v1::WatchResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

// What a worker that is broken, or none of ours, may send once it is attached.
std::vector<std::pair<std::string, v1::FromWorker>> RudeMessages(
    const v1::AttemptKey& key) {
  std::vector<std::pair<std::string, v1::FromWorker>> rude;
  const auto event = [&](const std::string& what) -> v1::WorkerEvent& {
    rude.emplace_back(what, v1::FromWorker());
    auto& made = *rude.back().second.mutable_event();
    made.set_number(1);
    *made.mutable_key() = key;
    return made;
  };
  event("an event of no kind");
  event("no items").mutable_items();
  event("a point that is not finite")
      .mutable_items()
      ->add_items()
      ->mutable_point()
      ->set_value(std::numeric_limits<double>::quiet_NaN());
  event("spikes of no unit")
      .mutable_items()
      ->add_items()
      ->mutable_spikes()
      ->add_steps(1);
  event("an array of no bytes").mutable_items()->add_items()->mutable_array();
  event("a state of no bytes").mutable_checkpoint();
  event("an end that is none")
      .mutable_finished()
      ->set_state(v1::RUN_STATE_RUNNING);
  rude.emplace_back("nothing", v1::FromWorker());
  rude.emplace_back("a second registration", v1::FromWorker());
  rude.back().second.mutable_registration()->set_protocol_version(1);
  return rude;
}

TEST_F(StreamsTest, AWorkerThatSendsGarbageIsEndedAndItsRunGoesOnElsewhere) {
  const std::string experiment = Submit();
  int64_t number = 100;
  v1::AttemptKey some_key;
  some_key.set_attempt("experiments/x/runs/0/attempts/1");
  for (auto& [what, message] : RudeMessages(some_key)) {
    SCOPED_TRACE(what);
    const std::string token = worker_tokens_.Make(++number);
    const auto stub = v1::Workers::NewStub(channel_);
    const auto context = As(token);
    const auto stream = stub->Attach(context.get());
    stream->Write(Registration());
    v1::ToWorker answer;
    ASSERT_TRUE(stream->Read(&answer));
    EXPECT_TRUE(answer.has_registered());
    stream->Write(message);
    while (stream->Read(&answer)) {
    }
    const grpc::Status status = stream->Finish();
    EXPECT_FALSE(status.ok());
    EXPECT_FALSE(status.error_message().empty());
    EXPECT_THAT(executor_.killed(), ::testing::Contains(number));
    // It is not let in again.
    EXPECT_EQ(AttachWith(token, Registration()).error_code(),
              grpc::StatusCode::FAILED_PRECONDITION);
    if (State(experiment) != "queued") break;
  }
  Settle();
}

}  // namespace
}  // namespace engram
