#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace engram::store {

class Reader;
class Transaction;

// The answer to a mutation, so that a repeated request gets it again.
struct RequestRow {
  std::string request_id;
  std::string user;
  std::string method;                        // full name
  std::array<uint8_t, 32> request_sha256{};  // of the request's bytes
  std::string response;                      // bytes of the answer
  int64_t create_time_us = 0;
};

// Within the same transaction as the effect. ContractViolation when the user
// has that id already: look first.
void InsertRequest(Transaction& transaction, const RequestRow& row);
std::optional<RequestRow> FindRequest(Reader& reader, absl::string_view user,
                                      absl::string_view request_id);
// Removes those made before; returns how many.
int64_t ForgetRequests(Transaction& transaction, int64_t made_before_us);

}  // namespace engram::store
