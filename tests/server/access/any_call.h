#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace engram {

// How a call of any method ended.
struct Answer {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string reason;  // of the ErrorInfo among the details; empty without
  std::string message;
  int http_status = 0;  // 0: did not come by HTTP
};

// Of "engram.v1.Runs.GetRun".
const google::protobuf::MethodDescriptor& MethodOf(const std::string& method);
std::unique_ptr<google::protobuf::Message> RequestFor(
    const std::string& method);

// Calls a method of any kind with one message. Streams that go on are cut off
// after a moment, with DEADLINE_EXCEEDED. `authorization` is the header's
// value; empty sends none.
Answer CallByGrpc(const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& method, const std::string& authorization,
                  const google::protobuf::Message& request);

enum class Encoding { kJson, kBinary };

// The same through the gateway on a port of this machine; under TLS where `ca`
// names the file of its authority.
Answer CallByHttp(int port, const std::string& ca, Encoding encoding,
                  const std::string& method, const std::string& authorization,
                  const google::protobuf::Message& request);

}  // namespace engram
