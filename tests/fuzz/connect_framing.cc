// The body of an HTTP request: envelopes, JSON, and messages in either
// encoding. The first byte chooses the message.

#include <google/protobuf/message.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/contract.h"
#include "engram/v1/datasets.pb.h"
#include "engram/v1/events.pb.h"
#include "engram/v1/experiments.pb.h"
#include "engram/v1/runs.pb.h"
#include "server/gateway/codec.h"
#include "server/gateway/envelope.h"
#include "server/gateway/json_syntax.h"

namespace engram {
namespace {

using google::protobuf::Descriptor;

const Descriptor& TypeOf(uint8_t choice) {
  switch (choice % 4) {
    case 0:
      return *v1::CreateExperimentRequest::descriptor();
    case 1:
      return *v1::WatchRequest::descriptor();
    case 2:
      return *v1::ReadSeriesRequest::descriptor();
    default:
      return *v1::Experiment::descriptor();
  }
}

// The envelopes of a body, put together again, are the body.
void CheckEnvelopes(absl::string_view body) {
  const auto messages = ReadEnvelopes(body);
  if (!messages.ok()) {
    ENGRAM_EXPECT(!messages.status().message().empty());
    return;
  }
  size_t bytes = 0;
  for (absl::string_view message : *messages) bytes += message.size() + 5;
  ENGRAM_EXPECT(bytes <= body.size());
}

// What is read can be written, and reads back as the same bytes.
void CheckMessage(Encoding encoding, const Descriptor& type,
                  absl::string_view body) {
  const auto bytes = DecodeMessage(encoding, type, body);
  if (!bytes.ok()) {
    ENGRAM_EXPECT(!bytes.status().message().empty());
    return;
  }
  const auto text = EncodeMessage(encoding, type, *bytes);
  // A text in bytes that is no UTF-8 has no JSON, and some times have none.
  if (!text.ok()) return;
  const auto again = DecodeMessage(encoding, type, *text);
  ENGRAM_EXPECT(again.ok());
  ENGRAM_EXPECT(*EncodeMessage(encoding, type, *again) == *text);
}

}  // namespace
}  // namespace engram

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const absl::string_view body(reinterpret_cast<const char*>(bytes) + 1,
                               size - 1);
  const auto& type = engram::TypeOf(bytes[0]);
  engram::CheckEnvelopes(body);
  engram::CheckJsonSyntax(body).IgnoreError();
  engram::CheckMessage(engram::Encoding::kJson, type, body);
  engram::CheckMessage(engram::Encoding::kProto, type, body);
  return 0;
}
