#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// Tells the service manager that started this process how it is, as
// sd_notify(3) does: "READY=1", "STOPPING=1", "STATUS=...", lines apart by
// "\n". `socket` is $NOTIFY_SOCKET: a path, or an abstract name after '@';
// empty: nobody wants to know. False when it could not be told; then nothing is
// lost but the manager's patience.
bool TellServiceManager(const std::string& socket, absl::string_view state);

}  // namespace engram
