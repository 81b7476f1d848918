#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/wire/client.h"
#include "google/protobuf/message.h"

namespace engram::cli {

// A server in this process that answers calls by name with what a test says.
// A call that no handler was given for is UNIMPLEMENTED.
class FakeServer {
 public:
  // Bytes of one request to bytes of the responses to it.
  using Answerer = std::function<absl::StatusOr<std::vector<std::string>>(
      const std::string&)>;

  struct Call {
    std::string path;
    std::string authorization;
    std::string request;
  };

  FakeServer();
  ~FakeServer();

  template <class Request, class Response>
  void On(const Method<Request, Response>& method,
          std::function<absl::StatusOr<Response>(const Request&)> answer) {
    Install(method.path,
            [answer](const std::string& bytes)
                -> absl::StatusOr<std::vector<std::string>> {
              Request request;
              request.ParseFromString(bytes);
              const auto response = answer(request);
              if (!response.ok()) return response.status();
              return std::vector<std::string>{response->SerializeAsString()};
            });
  }

  // `answer` is asked for every request of the stream, which ends when the
  // client's half has.
  template <class Request, class Response>
  void OnStream(
      const StreamMethod<Request, Response>& method,
      std::function<absl::StatusOr<std::vector<Response>>(const Request&)>
          answer) {
    Install(method.path,
            [answer](const std::string& bytes)
                -> absl::StatusOr<std::vector<std::string>> {
              Request request;
              request.ParseFromString(bytes);
              const auto responses = answer(request);
              if (!responses.ok()) return responses.status();
              std::vector<std::string> texts;
              for (const Response& response : *responses) {
                texts.push_back(response.SerializeAsString());
              }
              return texts;
            });
  }

  // Calls so far, oldest first.
  std::vector<Call> calls() const;
  // Requests that came for `method`, oldest first.
  template <class Request, class Response>
  std::vector<Request> Requests(const Method<Request, Response>& method) const {
    std::vector<Request> requests;
    for (const Call& call : calls()) {
      if (call.path != method.path) continue;
      requests.emplace_back().ParseFromString(call.request);
    }
    return requests;
  }

  // Within the process.
  std::shared_ptr<grpc::Channel> Connect();
  // Of a port of this machine: "127.0.0.1:40112".
  std::string address() const;

 private:
  class Impl;
  void Install(const std::string& path, Answerer handler);

  std::unique_ptr<Impl> impl_;
};

// A status with google.rpc details, as the server sends it.
absl::Status WithDetails(absl::StatusCode code, const std::string& message,
                         const google::protobuf::Message& detail);

}  // namespace engram::cli
