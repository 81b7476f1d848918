#include "server/rpc/first_start.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "server/rpc/bearer.h"
#include "server/rpc/log.h"
#include "server/rpc/user_message.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"
#include "server/store/token_table.h"
#include "server/store/user_table.h"

namespace engram {
namespace {

absl::Status CannotWrite(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot write ", path, ": ", strerror(errno)));
}

// Whether client.yaml is free, or names this very address. What it has may be
// of another data folder that was served there, and good again with that.
bool MayReplace(const std::string& path, const std::string& server) {
  if (!std::filesystem::exists(path)) return true;
  try {
    const YAML::Node root = YAML::LoadFile(path);
    return root.IsMap() && root["server"] && root["server"].Scalar() == server;
  } catch (const YAML::Exception&) {
    return false;
  }
}

// Keeps the file beside itself, under a name that is free, for its owner
// alone; empty when there is none to keep.
absl::StatusOr<std::string> KeepOld(const std::string& path) {
  for (int number = 1; number < 1000; ++number) {
    const std::string old =
        absl::StrCat(path, ".old", number == 1 ? "" : absl::StrCat(number));
    // A link, so that the file is there under one name at least at any time.
    if (link(path.c_str(), old.c_str()) == 0) {
      if (chmod(old.c_str(), 0600) != 0) return CannotWrite(old);
      return old;
    }
    if (errno == ENOENT) return "";
    if (errno != EEXIST) return CannotWrite(old);
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path, " has a thousand old ones; remove some"));
}

// Null when the home cannot be written: it is as good as none then.
std::optional<std::string> WriteClientSettings(const std::string& folder,
                                               const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = folder + "/client.yaml";
  const absl::StatusOr<std::string> old = KeepOld(path);
  if (!old.ok()) return std::nullopt;
  const bool is_written = WritePrivateFile(path, text).ok();
  if (!old->empty() && !is_written) unlink(old->c_str());
  if (!old->empty() && is_written) {
    Log(Severity::kWarn,
        "client.yaml names a token of this data folder now; the one that it "
        "had, perhaps of another data folder, was kept",
        {{"file", path}, {"kept", *old}});
  }
  return is_written ? std::optional<std::string>(path) : std::nullopt;
}

std::string UserName(const Surroundings& surroundings) {
  for (const char* variable : {"USER", "LOGNAME"}) {
    const std::string name = surroundings.variable(variable).value_or("");
    if (CheckUserName(name, "name").ok()) return name;
  }
  return "admin";
}

absl::StatusOr<std::string> WriteSecret(const std::string& secret,
                                        const std::string& data_folder,
                                        const std::string& server,
                                        const Surroundings& surroundings) {
  const std::string folder = ConfigFolder(surroundings);
  const std::string client = folder + "/client.yaml";
  if (!folder.empty() && MayReplace(client, server)) {
    const auto written = WriteClientSettings(
        folder, absl::StrCat("server: ", server, "\ntoken: ", secret, "\n"));
    if (written) return *written;
  }
  const std::string path = data_folder + "/admin.token";
  absl::Status written = WritePrivateFile(path, secret + "\n");
  if (!written.ok()) return written;
  return path;
}

}  // namespace

absl::Status WritePrivateFile(const std::string& path,
                              const std::string& text) {
  // Written beside and renamed: a reader sees the old file or the new one, and
  // permissions of an old one do not stay.
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());
  const int file =
      open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return CannotWrite(fresh);
  const bool is_whole = write(file, text.data(), text.size()) ==
                            static_cast<ssize_t>(text.size()) &&
                        fsync(file) == 0;
  close(file);
  if (!is_whole || rename(fresh.c_str(), path.c_str()) != 0) {
    return CannotWrite(path);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> MakeFirstAdmin(
    store::Store& store, Tokens& tokens, const std::string& data_folder,
    const std::string& server, const Surroundings& surroundings,
    int64_t now_us) {
  if (!tokens.empty()) return std::optional<std::string>();
  const std::string secret = NewSecret();
  // The file comes first: a token that nobody can read would lock all out.
  auto path = WriteSecret(secret, data_folder, server, surroundings);
  if (!path.ok()) return path.status();
  store::UserRow user;
  user.name = UserName(surroundings);
  user.create_time_us = now_us;
  store::TokenRow token;
  token.user = user.name;
  token.scope = "admin";
  token.label = "first start";
  token.sha256 = Sha256(secret);
  token.create_time_us = now_us;
  absl::Status made = store.Write([&](store::Transaction& transaction) {
    absl::Status inserted = store::InsertUser(transaction, user);
    if (!inserted.ok()) return inserted;
    token.number = store::InsertToken(transaction, token);
    store::AuditRow entry;
    entry.time_us = now_us;
    entry.user = absl::StrCat("users/", user.name);
    entry.method = "first start";
    entry.target = absl::StrCat("tokens/", token.number);
    entry.outcome = "OK";
    store::AppendAudit(transaction, entry);
    return absl::OkStatus();
  });
  if (!made.ok()) return made;
  tokens.Add(token);
  return std::optional<std::string>(*path);
}

}  // namespace engram
