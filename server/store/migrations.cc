#include "server/store/migrations.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Exception.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/store/connection.h"
#include "server/store/schema_1.h"
#include "server/store/schema_2.h"
#include "server/store/schema_3.h"
#include "server/store/schema_4.h"
#include "server/store/sqlite_error.h"

namespace engram::store {

namespace {

constexpr const char* kMainScripts[] = {kSchema1, kSchema2, kSchema3, kSchema4};
constexpr const char* kBlobScripts[] = {kBlobSchema1};

void CopyBeforeMigration(Connection& connection,
                         const std::filesystem::path& backup_folder,
                         int64_t version) {
  std::filesystem::create_directories(backup_folder);
  const std::filesystem::path file = connection.database().getFilename();
  const std::filesystem::path copy =
      backup_folder /
      absl::StrCat(file.stem().string(), "-schema-", version, ".db");
  std::filesystem::remove(copy);  // left by an attempt that was killed
  SQLite::Database target(copy.string(),
                          SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  SQLite::Backup(target, connection.database()).executeStep(-1);
}

}  // namespace

const Schema& MainSchema() {
  static const Schema schema = {kMainFileId, kMainScripts};
  return schema;
}

const Schema& BlobSchema() {
  static const Schema schema = {kBlobFileId, kBlobScripts};
  return schema;
}

absl::Status Migrate(Connection& connection, const Schema& schema,
                     const std::filesystem::path& backup_folder) {
  try {
    const int64_t version = connection.Number("PRAGMA user_version");
    if (version == schema.version()) return absl::OkStatus();
    if (version > schema.version())
      return absl::FailedPreconditionError(absl::StrCat(
          connection.database().getFilename(), " has schema ", version,
          "; this program knows schemas up to ", schema.version(),
          ": start the newer engramd, or restore a backup"));
    if (version > 0) CopyBeforeMigration(connection, backup_folder, version);
    connection.Execute("BEGIN IMMEDIATE");
    for (int64_t v = version; v < schema.version(); ++v)
      connection.Execute(schema.scripts[static_cast<size_t>(v)]);
    connection.Execute(
        absl::StrCat("PRAGMA application_id=", schema.application_id).c_str());
    connection.Execute(
        absl::StrCat("PRAGMA user_version=", schema.version()).c_str());
    connection.Execute("COMMIT");
    return absl::OkStatus();
  } catch (const SQLite::Exception& error) {
    connection.RollBackQuietly();
    return ToStatus(error);
  } catch (const std::filesystem::filesystem_error& error) {
    return absl::UnavailableError(absl::StrCat(
        "no copy of the database could be made before its migration: ",
        error.what()));
  }
}

}  // namespace engram::store
