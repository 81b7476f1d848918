#include "tests/server/worker/fake_server.h"

#include <grpcpp/grpcpp.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>

#include "engram/v1/blobs.grpc.pb.h"
#include "engram/v1/workers.grpc.pb.h"
#include "server/array/chunk.h"
#include "tests/support/keep_grpc.h"

namespace engram {
namespace {

std::string Authorization(const grpc::ServerContext& context) {
  const auto found = context.client_metadata().find("authorization");
  return found == context.client_metadata().end()
             ? ""
             : std::string(found->second.data(), found->second.length());
}

}  // namespace

class FakeServer::Workers final : public v1::Workers::Service {
 public:
  explicit Workers(FakeServer& server) : server_(server) {}

  using Stream = grpc::ServerReaderWriter<v1::ToWorker, v1::FromWorker>;

  grpc::Status Attach(grpc::ServerContext* context, Stream* stream) override {
    if (Authorization(*context) != std::string("Bearer ") + kToken) {
      return {grpc::StatusCode::UNAUTHENTICATED, "the token is unknown"};
    }
    v1::FromWorker message;
    if (!stream->Read(&message) || !message.has_registration()) {
      return {grpc::StatusCode::FAILED_PRECONDITION, "register first"};
    }
    Register(message.registration(), context, stream);
    while (stream->Read(&message)) Take(message, stream);
    MutexLock lock(server_.mu_);
    if (stream_ == stream) {  // not the next one already
      stream_ = nullptr;
      context_ = nullptr;
    }
    if (!context->IsCancelled()) ++server_.seen_.streams_ended_by_worker;
    server_.changed_.NotifyAll();
    return grpc::Status::OK;
  }

  void Send(const v1::ToWorker& message) {
    MutexLock lock(server_.mu_);
    while (stream_ == nullptr) server_.changed_.Wait(server_.mu_);
    stream_->Write(message);
  }

  void Break() {
    MutexLock lock(server_.mu_);
    while (context_ == nullptr) server_.changed_.Wait(server_.mu_);
    context_->TryCancel();
    // What is sent from now on is for the next stream.
    stream_ = nullptr;
    context_ = nullptr;
  }

 private:
  void Register(const v1::Registration& registration,
                grpc::ServerContext* context, Stream* stream) {
    MutexLock lock(server_.mu_);
    server_.seen_.registrations.push_back(registration);
    v1::ToWorker answer;
    answer.mutable_registered()->set_worker("workers/1");
    answer.mutable_registered()->set_stored_event(LastStored());
    stream->Write(answer);
    stream_ = stream;
    context_ = context;
    server_.changed_.NotifyAll();
  }

  int64_t LastStored() const ENGRAM_REQUIRES(server_.mu_) {
    return server_.seen_.events.empty() ? 0
                                        : server_.seen_.events.back().number();
  }

  void Take(const v1::FromWorker& message, Stream* stream) {
    MutexLock lock(server_.mu_);
    Seen& seen = server_.seen_;
    if (message.has_event()) {
      seen.numbers.push_back(message.event().number());
      if (server_.acknowledge_) Store(message.event(), stream);
    } else if (message.has_returned()) {
      const auto& keys = message.returned().keys();
      seen.returned.insert(seen.returned.end(), keys.begin(), keys.end());
    }
    seen.heartbeats += message.has_heartbeat() ? 1 : 0;
    seen.live += message.has_live() ? 1 : 0;
    server_.changed_.NotifyAll();
  }

  void Store(const v1::WorkerEvent& event, Stream* stream)
      ENGRAM_REQUIRES(server_.mu_) {
    if (event.number() == LastStored() + 1) {
      server_.seen_.events.push_back(event);
    }
    v1::ToWorker answer;
    answer.mutable_acknowledged()->set_event(LastStored());
    stream->Write(answer);
  }

  FakeServer& server_;
  Stream* stream_ = nullptr;
  grpc::ServerContext* context_ = nullptr;
};

class FakeServer::Blobs final : public v1::Blobs::Service {
 public:
  explicit Blobs(FakeServer& server) : server_(server) {}

  grpc::Status FindMissing(grpc::ServerContext* context,
                           const v1::FindMissingRequest* request,
                           v1::FindMissingResponse* response) override {
    MutexLock lock(server_.mu_);
    server_.seen_.authorizations.insert(Authorization(*context));
    for (const std::string& digest : request->digests()) {
      if (!server_.seen_.chunks.contains(digest)) response->add_digests(digest);
    }
    return grpc::Status::OK;
  }

  grpc::Status Read(grpc::ServerContext* context,
                    const v1::ReadRequest* request,
                    grpc::ServerWriter<v1::ReadResponse>* writer) override {
    MutexLock lock(server_.mu_);
    Seen& seen = server_.seen_;
    seen.authorizations.insert(Authorization(*context));
    ++seen.reads;
    for (const std::string& digest : request->digests()) {
      if (server_.reads_until_break_ == 0) {
        server_.reads_until_break_ = -1;
        return {grpc::StatusCode::UNAVAILABLE, "as the test wants it"};
      }
      if (server_.reads_until_break_ > 0) --server_.reads_until_break_;
      const auto chunk = seen.chunks.find(digest);
      if (chunk == seen.chunks.end()) {
        return {grpc::StatusCode::NOT_FOUND, "the store has no such chunk"};
      }
      v1::ReadResponse response;
      response.set_digest(digest);
      response.set_data(chunk->second);
      writer->Write(response);
    }
    return grpc::Status::OK;
  }

  grpc::Status Write(grpc::ServerContext* context,
                     grpc::ServerReader<v1::WriteRequest>* reader,
                     v1::WriteResponse* response) override {
    MutexLock lock(server_.mu_);
    Seen& seen = server_.seen_;
    seen.authorizations.insert(Authorization(*context));
    ++seen.writes;
    if (server_.failing_writes_ > 0) {
      --server_.failing_writes_;
      return {static_cast<grpc::StatusCode>(server_.failing_code_),
              "as the test wants it"};
    }
    v1::WriteRequest request;
    while (reader->Read(&request)) {
      const auto plain =
          Unpack(request.data(), request.compressed(), request.digest());
      if (!plain.ok()) {
        return {grpc::StatusCode::INVALID_ARGUMENT,
                std::string(plain.status().message())};
      }
      seen.chunks[request.digest()] = *plain;
      seen.chunks_compressed += request.compressed() ? 1 : 0;
      response->set_chunk_count(response->chunk_count() + 1);
    }
    server_.changed_.NotifyAll();
    return grpc::Status::OK;
  }

 private:
  FakeServer& server_;
};

struct FakeServer::Running {
  explicit Running(FakeServer& owner) : workers(owner), blobs(owner) {}

  std::string folder;
  Workers workers;
  Blobs blobs;
  std::unique_ptr<grpc::Server> server;
};

FakeServer::FakeServer() : running_(std::make_unique<Running>(*this)) {
  KeepGrpc();
  std::string folder =
      (std::filesystem::temp_directory_path() / "engram_worker_XXXXXX");
  running_->folder = mkdtemp(folder.data());
  address_ = "unix:" + running_->folder + "/workers.sock";
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
  builder.RegisterService(&running_->workers);
  builder.RegisterService(&running_->blobs);
  running_->server = builder.BuildAndStart();
}

FakeServer::~FakeServer() {
  running_->server->Shutdown(std::chrono::system_clock::now());
  running_->server->Wait();
  std::filesystem::remove_all(running_->folder);
}

void FakeServer::Acknowledge(bool acknowledge) {
  MutexLock lock(mu_);
  acknowledge_ = acknowledge;
}

void FakeServer::AddChunk(const std::string& digest, const std::string& bytes) {
  MutexLock lock(mu_);
  seen_.chunks[digest] = bytes;
}

void FakeServer::BreakReadAfter(int chunks) {
  MutexLock lock(mu_);
  reads_until_break_ = chunks;
}

void FakeServer::FailWrites(int count, int grpc_code) {
  MutexLock lock(mu_);
  failing_writes_ = count;
  failing_code_ = grpc_code;
}

void FakeServer::Send(const v1::ToWorker& message) {
  running_->workers.Send(message);
}

void FakeServer::Break() { running_->workers.Break(); }

bool FakeServer::WaitFor(const std::function<bool(const Seen&)>& enough) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(20);
  MutexLock lock(mu_);
  while (!enough(seen_)) {
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero()) return false;
    changed_.WaitFor(mu_, left);
  }
  return true;
}

FakeServer::Seen FakeServer::seen() {
  MutexLock lock(mu_);
  return seen_;
}

}  // namespace engram
