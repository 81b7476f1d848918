#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

struct LogRow {
  int64_t number = 0;  // within the run, from 1; given by AppendLog
  int64_t time_us = 0;
  int attempt = 0;
  std::string level;  // "info" or "warning"
  std::string text;
};

// Stores the line and appends the log event; returns its number.
int64_t AppendLog(Transaction& transaction, RunKey run, const LogRow& line);
// In order, those after number `after`.
std::vector<LogRow> ReadLog(Reader& reader, RunKey run, int64_t after,
                            int limit);

}  // namespace engram::store
