#include "server/store/sqlite_error.h"

#include <SQLiteCpp/Exception.h>

#include "absl/strings/str_cat.h"

namespace engram::store {
namespace {

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
constexpr int kBusy = 5, kLocked = 6, kReadOnly = 8, kIoError = 10,
              kCorrupt = 11, kFull = 13, kNotADatabase = 26;

}  // namespace

absl::Status ToStatus(const SQLite::Exception& error) {
  const std::string what = absl::StrCat(error.what(), " (SQLite code ",
                                        error.getExtendedErrorCode(), ")");
  switch (error.getErrorCode() & 0xff) {
    case kFull:
      return absl::ResourceExhaustedError(absl::StrCat(
          "the disk that holds the database is full: ", what,
          "; nothing of this was stored; free some space and try again"));
    case kCorrupt:
    case kNotADatabase:
      return absl::DataLossError(absl::StrCat("the database is damaged: ", what,
                                              "; restore a backup"));
    case kBusy:
    case kLocked:
      return absl::UnavailableError(
          absl::StrCat("the database is locked by another program: ", what));
    case kReadOnly:
      return absl::FailedPreconditionError(
          absl::StrCat("the database cannot be written: ", what));
    case kIoError:
      return absl::UnavailableError(
          absl::StrCat("the disk that holds the database failed: ", what,
                       "; nothing of this was stored"));
    default:
      return absl::InternalError(absl::StrCat("database: ", what));
  }
}

}  // namespace engram::store
