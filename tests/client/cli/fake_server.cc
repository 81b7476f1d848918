#include "tests/client/cli/fake_server.h"

#include <deque>
#include <map>
#include <mutex>

#include "google/rpc/status.pb.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/byte_buffer.h"

namespace engram::cli {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToText(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

grpc::Status ToGrpc(const absl::Status& status) {
  const auto details = status.GetPayload(Client::kDetails);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      std::string(status.message()),
                      details ? std::string(*details) : "");
}

}  // namespace

class FakeServer::Impl final : public grpc::CallbackGenericService {
 public:
  Impl() {
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(this);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    server_ = builder.BuildAndStart();
  }

  ~Impl() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  void Install(const std::string& path, Answerer handler) {
    const std::lock_guard lock(mu_);
    handlers_[path] = std::move(handler);
  }

  absl::StatusOr<std::vector<std::string>> Answer(const Call& call) {
    Answerer handler;
    {
      const std::lock_guard lock(mu_);
      calls_.push_back(call);
      const auto found = handlers_.find(call.path);
      if (found == handlers_.end()) {
        return absl::UnimplementedError("no handler for " + call.path);
      }
      handler = found->second;
    }
    return handler(call.request);
  }

  std::vector<Call> calls() const {
    const std::lock_guard lock(mu_);
    return calls_;
  }

  std::shared_ptr<grpc::Channel> Connect() {
    return server_->InProcessChannel(grpc::ChannelArguments());
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Reactor(this, context);
  }

 private:
  // Reads a request, writes the answers to it, and so on.
  class Reactor final : public grpc::ServerGenericBidiReactor {
   public:
    Reactor(Impl* impl, grpc::GenericCallbackServerContext* context)
        : impl_(impl) {
      call_.path = context->method();
      const auto found = context->client_metadata().find("authorization");
      if (found != context->client_metadata().end()) {
        call_.authorization =
            std::string(found->second.data(), found->second.size());
      }
      StartRead(&request_);
    }

    void OnReadDone(bool ok) override {
      if (!ok) {
        Finish(grpc::Status::OK);
        return;
      }
      call_.request = ToText(request_);
      const auto answers = impl_->Answer(call_);
      if (!answers.ok()) {
        Finish(ToGrpc(answers.status()));
        return;
      }
      answers_.assign(answers->begin(), answers->end());
      WriteNext();
    }

    void OnWriteDone(bool ok) override {
      if (!ok) {
        Finish(grpc::Status::CANCELLED);
        return;
      }
      answers_.pop_front();
      WriteNext();
    }

    void OnDone() override { delete this; }

   private:
    void WriteNext() {
      if (answers_.empty()) {
        StartRead(&request_);
        return;
      }
      response_ = ToBuffer(answers_.front());
      StartWrite(&response_);
    }

    Impl* impl_;
    Call call_;
    grpc::ByteBuffer request_;
    grpc::ByteBuffer response_;
    std::deque<std::string> answers_;
  };

  mutable std::mutex mu_;
  std::map<std::string, Answerer> handlers_;
  std::vector<Call> calls_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

FakeServer::FakeServer() : impl_(std::make_unique<Impl>()) {}
FakeServer::~FakeServer() = default;

std::vector<FakeServer::Call> FakeServer::calls() const {
  return impl_->calls();
}

std::shared_ptr<grpc::Channel> FakeServer::Connect() {
  return impl_->Connect();
}

std::string FakeServer::address() const { return impl_->address(); }

void FakeServer::Install(const std::string& path, Answerer handler) {
  impl_->Install(path, std::move(handler));
}

absl::Status WithDetails(absl::StatusCode code, const std::string& message,
                         const google::protobuf::Message& detail) {
  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  details.add_details()->PackFrom(detail);
  absl::Status status(code, message);
  status.SetPayload(Client::kDetails, absl::Cord(details.SerializeAsString()));
  return status;
}

}  // namespace engram::cli
