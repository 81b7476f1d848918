#pragma once

#include <string>
#include <variant>

#include "core/spec/claim.h"
#include "server/store/claim_table.h"
#include "server/store/named_value.h"

namespace engram {

// A claim as the store keeps it, and back.
store::v1::ClaimDefinition ToStored(const Claim& claim);
Claim FromStored(const store::v1::ClaimDefinition& stored);

// The row of a claim that has not been evaluated.
store::ClaimRow PendingClaim(const Claim& claim, int number);

// A parameter as tables and filters have it: a number, or text.
std::variant<double, std::string> Plain(const Value& value);
// "0.5", "hebbian", "[1, 2]".
std::string PlainText(const Value& value);

}  // namespace engram
