#include "server/rpc/request_id.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/sha256.h"
#include "server/rpc/sealed_secret.h"
#include "server/rpc/status.h"
#include "server/store/audit_table.h"
#include "server/store/request_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kLongestTarget = 200;

const FieldDescriptor* Field(const Message& message, const char* name,
                             FieldDescriptor::CppType type) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() || field->cpp_type() != type) {
    return nullptr;
  }
  return field;
}

std::string TextOf(const Message& message, const char* name) {
  const auto* field = Field(message, name, FieldDescriptor::CPPTYPE_STRING);
  return field == nullptr ? ""
                          : message.GetReflection()->GetString(message, field);
}

bool IsSet(const Message& message, const char* name) {
  const auto* field = Field(message, name, FieldDescriptor::CPPTYPE_BOOL);
  return field != nullptr && message.GetReflection()->GetBool(message, field);
}

// The same request gives the same bytes: maps are written in order.
std::string Bytes(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// The field of a reply that ends in a secret: a new token's, or a link with a
// code that logs in. Null for a reply that tells none.
const FieldDescriptor* SecretField(const Message& reply) {
  for (const char* name : {"secret", "url"}) {
    if (!TextOf(reply, name).empty()) {
      return Field(reply, name, FieldDescriptor::CPPTYPE_STRING);
    }
  }
  return nullptr;
}

// Of what a call has made: its reply is that, or holds it as "token".
std::string NameOf(const Message& reply) {
  const std::string name = TextOf(reply, "name");
  const auto* token = Field(reply, "token", FieldDescriptor::CPPTYPE_MESSAGE);
  if (!name.empty() || token == nullptr) return name;
  return TextOf(reply.GetReflection()->GetMessage(reply, token), "name");
}

// Puts `end` in the place of the last `size` characters.
void ReplaceEnd(Message& reply, const FieldDescriptor* field, size_t size,
                const std::string& end) {
  std::string text = reply.GetReflection()->GetString(reply, field);
  text.replace(text.size() - size, size, end);
  reply.GetReflection()->SetString(&reply, field, std::move(text));
}

}  // namespace

absl::StatusOr<std::string> RequestIdOf(const Message& request) {
  const std::string id = TextOf(request, "request_id");
  const bool is_plain = std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
           c == '_';
  });
  if (id.empty() || id.size() > 64 || !is_plain) {
    return BadField("request_id",
                    absl::StrCat("a call that changes something carries 1 to "
                                 "64 letters, digits, '-' or '_' that no other "
                                 "request has, such as a UUID; this one has ",
                                 id.empty() ? "none" : "something else"));
  }
  return id;
}

bool IsTrial(const Message& request) {
  return IsSet(request, "validate_only") || IsSet(request, "dry_run");
}

std::string TargetOf(const Message& request) {
  for (const char* name : {"name", "user"}) {
    const std::string text = TextOf(request, name);
    if (!text.empty()) return text.substr(0, kLongestTarget);
  }
  return "";
}

KeptRequest::KeptRequest(const Caller& caller, std::string method,
                         std::string bearer, const Message& request,
                         int64_t now_us)
    : user_(caller.user),
      token_(caller.token),
      peer_(caller.peer),
      request_id_(caller.request_id),
      method_(std::move(method)),
      target_(TargetOf(request)),
      bearer_(std::move(bearer)),
      request_sha256_(Sha256(Bytes(request))),
      now_us_(now_us) {}

absl::StatusOr<bool> KeptRequest::Replay(store::Store& store,
                                         Message& reply) const {
  auto found =
      store.Read([this](store::Reader& reader)
                     -> absl::StatusOr<std::optional<store::RequestRow>> {
        return store::FindRequest(reader, user_, request_id_);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) return false;
  const store::RequestRow& row = **found;
  if (row.method != method_ || row.request_sha256 != request_sha256_) {
    return BadField(
        "request_id",
        absl::StrCat(request_id_, " belongs to another request (", row.method,
                     "); a new request takes a new id"));
  }
  if (!reply.ParseFromString(row.response)) {
    return absl::DataLossError(absl::StrCat("the stored answer to request ",
                                            request_id_, " cannot be read"));
  }
  const FieldDescriptor* field = SecretField(reply);
  if (field == nullptr) return true;
  const std::string text = reply.GetReflection()->GetString(reply, field);
  if (text.size() < kSealedSize) {
    return absl::DataLossError(absl::StrCat("the stored answer to request ",
                                            request_id_, " has no seal"));
  }
  absl::StatusOr<std::string> secret =
      Unseal(text.substr(text.size() - kSealedSize), bearer_, request_id_);
  if (!secret.ok()) return secret.status();
  ReplaceEnd(reply, field, kSealedSize, *secret);
  return true;
}

absl::Status KeptRequest::Keep(store::Transaction& transaction,
                               const Message& reply) {
  const FieldDescriptor* field = SecretField(reply);
  std::string response;
  if (field == nullptr) {
    response = Bytes(reply);
  } else {
    const std::string text = reply.GetReflection()->GetString(reply, field);
    ENGRAM_EXPECT(text.size() >= kSecretSize);
    std::unique_ptr<Message> sealed(reply.New());
    sealed->CopyFrom(reply);
    ReplaceEnd(
        *sealed, field, kSecretSize,
        Seal(text.substr(text.size() - kSecretSize), bearer_, request_id_));
    response = Bytes(*sealed);
  }
  store::InsertRequest(transaction, {.request_id = request_id_,
                                     .user = user_,
                                     .method = method_,
                                     .request_sha256 = request_sha256_,
                                     .response = std::move(response),
                                     .create_time_us = now_us_});
  const std::string made = NameOf(reply);
  store::AppendAudit(transaction, {.time_us = now_us_,
                                   .user = user_,
                                   .token = token_,
                                   .method = method_,
                                   .target = made.empty() ? target_ : made,
                                   .request_id = request_id_,
                                   .peer = peer_,
                                   .outcome = "OK"});
  is_kept_ = true;
  return absl::OkStatus();
}

}  // namespace engram
