#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/scope.h"
#include "client/cli/verbs/accounts.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using v1::Token;

struct Flags {
  std::string user;
  std::string scope = "submitter";
  std::string label;
  std::string life;
};

// Whether it can be used, and until when.
Cell ValidityCell(const Token& token, absl::Time now) {
  if (token.has_revoke_time()) return {"revoked", Tone::kBad};
  if (!token.has_expire_time()) return {"for ever"};
  const absl::Time end = TimeOf(token.expire_time());
  if (end <= now) return {"expired", Tone::kBad};
  return {absl::StrCat("for ", DurationText(end - now))};
}

std::vector<Column<Token>> Columns(absl::Time now) {
  return {
      {"name", "token", Align::kLeft,
       [](const Token& t) -> Cell { return {ShortName(t.name())}; },
       [](const Token& t) { return t.name(); }},
      {"user", "user", Align::kLeft,
       [](const Token& t) -> Cell { return {ShortName(t.user())}; }},
      {"scope", "scope", Align::kLeft,
       [](const Token& t) -> Cell { return {ScopeWord(t.scope())}; }},
      {"label", "label", Align::kLeft,
       [](const Token& t) -> Cell { return {t.label()}; }},
      {"valid", "valid", Align::kLeft,
       [now](const Token& t) { return ValidityCell(t, now); }},
      {"expire_time", "expires", Align::kLeft,
       [](const Token& t) -> Cell {
         return {IsoTime(t.has_expire_time(), t.expire_time())};
       },
       nullptr, nullptr, false},
      {"last_use_time", "last used", Align::kRight,
       [now](const Token& t) -> Cell {
         return {AgoOrDash(t.has_last_use_time(), t.last_use_time(), now)};
       },
       [](const Token& t) {
         return IsoTime(t.has_last_use_time(), t.last_use_time());
       }},
      {"create_time", "made", Align::kRight,
       [now](const Token& t) -> Cell {
         return {AgoOrDash(t.has_create_time(), t.create_time(), now)};
       },
       [](const Token& t) {
         return IsoTime(t.has_create_time(), t.create_time());
       }},
  };
}

std::string UserName(const std::string& name) {
  if (name.empty() || absl::StartsWith(name, "users/")) return name;
  return absl::StrCat("users/", name);
}

absl::StatusOr<int> ListTokens(Session& session, const std::string& user) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::ListTokensRequest request;
  request.set_user(UserName(user));
  const auto list = (*client)->Call(calls::kListTokens, request);
  if (!list.ok()) return list.status();
  Listing<Token> listing;
  listing.items.assign(list->tokens().begin(), list->tokens().end());
  listing.columns = Columns(session.now());
  listing.name = [](const Token& token) { return ShortName(token.name()); };
  listing.whole = &*list;
  listing.when_empty = "no tokens";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

absl::StatusOr<int> CreateToken(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::CreateTokenRequest request;
  request.set_user(UserName(flags.user));
  request.set_label(flags.label);
  v1::Scope scope = v1::SCOPE_UNSPECIFIED;
  v1::Scope_Parse(absl::StrCat("SCOPE_", absl::AsciiStrToUpper(flags.scope)),
                  &scope);
  request.set_scope(scope);
  if (!flags.life.empty()) {
    const auto life = ParseLife(flags.life);
    if (!life.ok()) return life.status();
    request.mutable_life()->set_seconds(absl::ToInt64Seconds(*life));
  }
  const auto made = (*client)->Change(calls::kCreateToken, request);
  if (!made.ok()) return made.status();
  if (session.format() == Format::kJson || session.format() == Format::kJsonl) {
    session.out() << JsonOf(*made, session.format() == Format::kJson)
                  << (session.format() == Format::kJson ? "" : "\n");
    return kDone;
  }
  // The secret alone on standard output, so that it can go to a file.
  session.err() << "token " << ShortName(made->token().name()) << " of "
                << ShortName(made->token().user()) << " ("
                << ScopeWord(made->token().scope())
                << "); it is shown this once:\n";
  session.out() << made->secret() << "\n";
  return kDone;
}

absl::StatusOr<int> RevokeToken(Session& session, const std::string& name) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::RevokeTokenRequest request;
  request.set_name(
      absl::StartsWith(name, "tokens/") ? name : absl::StrCat("tokens/", name));
  const auto done = (*client)->Change(calls::kRevokeToken, request);
  if (!done.ok()) return done.status();
  session.out() << (session.wants_table() ? "revoked token " : "")
                << ShortName(request.name()) << "\n";
  return kDone;
}

Command CreateVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "create";
  command.summary = "Make a token; its text is shown once";
  command.arguments = {
      {"USER", "", "whose", &flags->user, true, Completes::kUser},
      {"--scope",
       "SCOPE",
       "what it lets him do",
       &flags->scope,
       false,
       Completes::kNothing,
       {"viewer", "submitter", "admin"}},
      {"--label", "TEXT", "what it is for: laptop", &flags->label},
      {"--life", "TIME", "how long it is valid: '90 d'; for ever else",
       &flags->life},
  };
  command.run = [flags](Session& session) {
    return CreateToken(session, *flags);
  };
  return command;
}

}  // namespace

Command TokensVerb() {
  const auto user = std::make_shared<std::string>();
  const auto name = std::make_shared<std::string>();
  Command list;
  list.name = "list";
  list.summary = "List tokens, without their texts";
  list.arguments = {
      {"USER", "", "only of this user", user.get(), false, Completes::kUser}};
  list.run = [user](Session& session) { return ListTokens(session, *user); };
  Command revoke;
  revoke.name = "revoke";
  revoke.summary = "End a token now";
  revoke.arguments = {
      {"TOKEN", "", "its number, as list shows it", name.get(), true}};
  revoke.run = [name](Session& session) { return RevokeToken(session, *name); };
  Command command;
  command.name = "tokens";
  command.summary = "List, make and revoke tokens";
  command.subcommands = {list, CreateVerb(), revoke};
  return command;
}

}  // namespace engram::cli
