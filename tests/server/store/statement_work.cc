#include "tests/server/store/statement_work.h"

#include <sqlite3.h>

namespace engram::store {
namespace {

std::atomic<int64_t> steps_done = 0;

int CountSteps(unsigned /*event*/, void* /*context*/, void* statement,
               void* /*nanoseconds*/) {
  steps_done += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement),
                                    SQLITE_STMTSTATUS_VM_STEP, 1);
  return 0;
}

int Attach(sqlite3* connection, const char** /*error*/,
           const struct sqlite3_api_routines* /*api*/) {
  return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, CountSteps,
                          nullptr);
}

// SQLite declares the function without its parameters.
void (*const kAttach)() = reinterpret_cast<void (*)()>(Attach);

}  // namespace

StatementWork::StatementWork() {
  steps_done = 0;
  sqlite3_auto_extension(kAttach);
}

StatementWork::~StatementWork() { sqlite3_cancel_auto_extension(kAttach); }

int64_t StatementWork::steps() const { return steps_done; }

}  // namespace engram::store
