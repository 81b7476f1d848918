#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/scope.h"
#include "client/cli/text/nearest.h"
#include "client/cli/verbs/accounts.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using v1::User;

std::string LimitText(int64_t limit) {
  return limit == 0 ? "-" : CountText(limit);
}

std::vector<Column<User>> Columns(absl::Time now) {
  return {
      {"name", "user", Align::kLeft,
       [](const User& u) -> Cell { return {ShortName(u.name())}; }},
      {"queued_runs", "may queue", Align::kRight,
       [](const User& u) -> Cell {
         return {LimitText(u.quota().queued_runs())};
       },
       [](const User& u) { return absl::StrCat(u.quota().queued_runs()); }},
      {"running_runs", "may run", Align::kRight,
       [](const User& u) -> Cell {
         return {LimitText(u.quota().running_runs())};
       },
       [](const User& u) { return absl::StrCat(u.quota().running_runs()); }},
      {"cpu_hours", "cpu hours [h]", Align::kRight,
       [](const User& u) -> Cell {
         return {u.quota().cpu_hours() == 0 ? "-"
                                            : ShortText(u.quota().cpu_hours())};
       },
       [](const User& u) { return ExactText(u.quota().cpu_hours()); }},
      {"stored_bytes", "may store", Align::kRight,
       [](const User& u) -> Cell {
         return {u.quota().stored_bytes() == 0
                     ? "-"
                     : BytesText(u.quota().stored_bytes())};
       },
       [](const User& u) { return absl::StrCat(u.quota().stored_bytes()); }},
      {"recent_cpu_seconds", "used lately", Align::kRight,
       [](const User& u) -> Cell {
         return {DurationText(absl::Seconds(u.recent_cpu_seconds()))};
       },
       [](const User& u) { return ExactText(u.recent_cpu_seconds()); }},
      {"create_time", "since", Align::kRight,
       [now](const User& u) -> Cell {
         return {AgoOrDash(u.has_create_time(), u.create_time(), now)};
       },
       [](const User& u) {
         return IsoTime(u.has_create_time(), u.create_time());
       }},
  };
}

absl::StatusOr<int> Show(Session& session, const User& user) {
  const auto table = [&] {
    Listing<User> listing;
    listing.items = {user};
    listing.columns = Columns(session.now());
    const auto grid = MakeGrid(listing, false);
    return grid.ok() ? RenderTable(*grid, session.look()) : "";
  };
  const absl::Status shown = PresentOne(session, user, Columns(session.now()),
                                        ShortName(user.name()), table);
  if (!shown.ok()) return shown;
  return kDone;
}

absl::StatusOr<int> ListUsers(Session& session) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto list = (*client)->Call(calls::kListUsers, {});
  if (!list.ok()) return list.status();
  Listing<User> listing;
  listing.items.assign(list->users().begin(), list->users().end());
  listing.columns = Columns(session.now());
  listing.name = [](const User& user) { return ShortName(user.name()); };
  listing.whole = &*list;
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

std::string UserName(const std::string& name) {
  return name.rfind("users/", 0) == 0 ? name : absl::StrCat("users/", name);
}

absl::StatusOr<int> CreateUser(Session& session, const std::string& name) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::CreateUserRequest request;
  request.set_name(UserName(name));
  const auto user = (*client)->Change(calls::kCreateUser, request);
  if (!user.ok()) return user.status();
  return Show(session, *user);
}

struct QuotaFlags {
  std::string user;
  int64_t queued = -1;
  int64_t running = -1;
  double cpu_hours = -1;
  std::string bytes;
};

absl::StatusOr<User> FindUser(Client& client, const std::string& name) {
  const auto list = client.Call(calls::kListUsers, {});
  if (!list.ok()) return list.status();
  std::vector<std::string> known;
  for (const User& user : list->users()) {
    if (user.name() == UserName(name)) return user;
    known.push_back(ShortName(user.name()));
  }
  return absl::NotFoundError(
      absl::StrCat("no user ", name, DidYouMean(name, known)));
}

// What was read, with what the flags say in its place.
absl::Status ChangeQuota(const QuotaFlags& flags, v1::Quota* quota) {
  if (flags.queued >= 0) quota->set_queued_runs(flags.queued);
  if (flags.running >= 0) quota->set_running_runs(flags.running);
  if (flags.cpu_hours >= 0) quota->set_cpu_hours(flags.cpu_hours);
  if (flags.bytes == "0") {
    quota->set_stored_bytes(0);
  } else if (!flags.bytes.empty()) {
    const auto bytes = ParseBytes(flags.bytes);
    if (!bytes.ok()) return bytes.status();
    quota->set_stored_bytes(*bytes);
  }
  return absl::OkStatus();
}

absl::StatusOr<int> SetQuota(Session& session, const QuotaFlags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  auto user = FindUser(**client, flags.user);
  if (!user.ok()) return user.status();
  const bool changes = flags.queued >= 0 || flags.running >= 0 ||
                       flags.cpu_hours >= 0 || !flags.bytes.empty();
  if (!changes) return Show(session, *user);
  v1::UpdateQuotaRequest request;
  request.set_name(user->name());
  request.set_etag(user->etag());
  *request.mutable_quota() = user->quota();
  const absl::Status changed = ChangeQuota(flags, request.mutable_quota());
  if (!changed.ok()) return changed;
  const auto updated = (*client)->Change(calls::kUpdateQuota, request);
  if (!updated.ok()) return updated.status();
  return Show(session, *updated);
}

}  // namespace

Command UsersVerb() {
  const auto name = std::make_shared<std::string>();
  Command list;
  list.name = "list";
  list.summary = "List users with their quotas";
  list.run = ListUsers;
  Command create;
  create.name = "create";
  create.summary = "Add a user";
  create.arguments = {
      {"NAME", "", "letters, digits, '-', '_', '.'", name.get(), true}};
  create.run = [name](Session& session) { return CreateUser(session, *name); };
  Command command;
  command.name = "users";
  command.summary = "List users, or add one";
  command.subcommands = {list, create};
  return command;
}

Command QuotaVerb() {
  const auto flags = std::make_shared<QuotaFlags>();
  Command command;
  command.name = "quota";
  command.summary = "Show or set what a user may use; 0 is no limit";
  command.arguments = {
      {"USER", "", "whose", &flags->user, true, Completes::kUser},
      {"--queued", "N", "runs that may wait", &flags->queued},
      {"--running", "N", "runs that may run at a time", &flags->running},
      {"--cpu-hours", "H", "processor time", &flags->cpu_hours},
      {"--bytes", "SIZE", "what may be stored: '50 GB'", &flags->bytes},
  };
  command.run = [flags](Session& session) { return SetQuota(session, *flags); };
  return command;
}

}  // namespace engram::cli
