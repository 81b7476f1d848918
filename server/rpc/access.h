#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engram/v1/access.pb.h"

namespace engram {

// Who may call a method, from its descriptor: "engram.v1.Runs.GetRun". Null for
// a method that does not exist or carries no option: nobody may call it.
const v1::Access* FindAccess(absl::string_view method);

// Full names of every method of the package engram.v1.
std::vector<std::string> AllMethods();

// Whether a token of scope `has` may call a method that needs `needs`.
bool Includes(v1::Scope has, v1::Scope needs);

// "submitter".
std::string ScopeName(v1::Scope scope);

}  // namespace engram
