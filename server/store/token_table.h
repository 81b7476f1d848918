#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace engram::store {

class Reader;
class Transaction;

// What is known of a token; its text is not.
struct TokenRow {
  int64_t number = 0;  // "tokens/3"; given by InsertToken
  std::string user;
  std::string scope;  // viewer, submitter, admin, worker
  std::string label;
  std::array<uint8_t, 32> sha256{};
  int64_t create_time_us = 0;
  std::optional<int64_t> expire_time_us;
  std::optional<int64_t> revoke_time_us;
  std::optional<int64_t> last_use_time_us;
};

int64_t InsertToken(Transaction& transaction, const TokenRow& row);
// Expired and revoked ones, too: the caller says which it is.
std::optional<TokenRow> FindToken(Reader& reader,
                                  const std::array<uint8_t, 32>& sha256);
// Of one user, or of all for an empty name; by number.
std::vector<TokenRow> ReadTokens(Reader& reader, absl::string_view user);
// NOT_FOUND: no such token. Revoking again changes nothing.
absl::Status RevokeToken(Transaction& transaction, int64_t number,
                         int64_t now_us);
void SetTokenUse(Transaction& transaction, int64_t number, int64_t now_us);

}  // namespace engram::store
