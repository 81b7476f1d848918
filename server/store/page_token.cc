#include "server/store/page_token.h"

#include <openssl/crypto.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/sha256.h"
#include "engram/store/v1/page_token.pb.h"
#include "server/store/digest.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr size_t kTagBytes = 16;
constexpr size_t kBlockBytes = 64;  // of SHA-256

// HMAC-SHA-256 (RFC 2104) with a key of at most one block.
std::string Tag(absl::string_view key, absl::string_view message) {
  ENGRAM_EXPECT(key.size() <= kBlockBytes);
  std::string inner(kBlockBytes, '\x36'), outer(kBlockBytes, '\x5c');
  for (size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  inner.append(message.data(), message.size());
  const Digest digest = Sha256(inner);
  outer.append(DigestBytes(digest).data(), digest.size());
  return std::string(DigestBytes(Sha256(outer)).substr(0, kTagBytes));
}

std::string Key(Reader& reader) {
  Statement read =
      reader.Prepare("SELECT value FROM meta WHERE name = 'page_token_key'");
  ENGRAM_EXPECT(read.Step());
  return read.Text(0);
}

void AddValue(const SqlValue& value, v1::PageToken& token) {
  v1::PageToken::Value& out = *token.add_position();
  if (const auto* integer = std::get_if<int64_t>(&value))
    out.set_integer(*integer);
  else if (const auto* real = std::get_if<double>(&value))
    out.set_real(*real);
  else if (const auto* text = std::get_if<std::string>(&value))
    out.set_text(*text);
}

SqlValue GetValue(const v1::PageToken::Value& value) {
  switch (value.content_case()) {
    case v1::PageToken::Value::kInteger:
      return value.integer();
    case v1::PageToken::Value::kReal:
      return value.real();
    case v1::PageToken::Value::kText:
      return value.text();
    case v1::PageToken::Value::CONTENT_NOT_SET:
      break;
  }
  return std::monostate();
}

// The bytes of a token in the one spelling that MakePageToken gives: base64
// leaves bits unused at the end, and decoders pass over white space.
bool Decode(absl::string_view token, std::string& bytes) {
  return absl::WebSafeBase64Unescape(token, &bytes) &&
         absl::WebSafeBase64Escape(bytes) == token;
}

bool IsTagOf(absl::string_view tag, absl::string_view key,
             absl::string_view message) {
  // Takes the same time wherever they differ.
  return CRYPTO_memcmp(tag.data(), Tag(key, message).data(), kTagBytes) == 0;
}

}  // namespace

void EnsurePageTokenKey(Transaction& transaction, absl::string_view random) {
  transaction
      .Prepare(
          "INSERT OR IGNORE INTO meta (name, value)"
          " VALUES ('page_token_key', ?)")
      .Bind(Blob{random})
      .Run();
}

std::string MakePageToken(Reader& reader, absl::string_view query,
                          const std::vector<SqlValue>& position) {
  v1::PageToken token;
  token.set_query_sha256(std::string(DigestBytes(Sha256(query))));
  for (const SqlValue& value : position) AddValue(value, token);
  const std::string message = token.SerializeAsString();
  return absl::WebSafeBase64Escape(
      absl::StrCat(Tag(Key(reader), message), message));
}

absl::StatusOr<std::vector<SqlValue>> ReadPageToken(Reader& reader,
                                                    absl::string_view query,
                                                    absl::string_view token) {
  std::string bytes;
  v1::PageToken content;
  const bool is_ours =
      Decode(token, bytes) && bytes.size() > kTagBytes &&
      IsTagOf(absl::string_view(bytes).substr(0, kTagBytes), Key(reader),
              absl::string_view(bytes).substr(kTagBytes)) &&
      content.ParseFromString(bytes.substr(kTagBytes));
  if (!is_ours)
    return absl::InvalidArgumentError(
        "page_token is not one that this server gave: leave it empty for the "
        "first page, then send back next_page_token as it came");
  if (content.query_sha256() != DigestBytes(Sha256(query)))
    return absl::InvalidArgumentError(
        "page_token belongs to another parent, filter or order: leave it empty "
        "for the first page of this one");
  std::vector<SqlValue> position;
  for (const v1::PageToken::Value& value : content.position())
    position.push_back(GetValue(value));
  return position;
}

}  // namespace engram::store
