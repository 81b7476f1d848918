#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/names.h"
#include "client/cli/scope.h"
#include "client/cli/session.h"
#include "client/cli/text/quantity.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

absl::StatusOr<std::string> AskForToken(Session& session) {
  Host& host = session.host();
  std::string token;
  if (host.in_is_terminal) {
    session.err() << "token: " << std::flush;
    token = host.read_secret();
  } else {
    std::getline(*host.in, token);
  }
  token = std::string(absl::StripAsciiWhitespace(token));
  if (token.empty()) {
    return absl::InvalidArgumentError(
        "no token was given; an admin makes one with: "
        "engram admin tokens create USER");
  }
  return token;
}

std::string Greeting(const v1::WhoAmIResponse& me, const Settings& settings,
                     absl::Time now) {
  std::string text =
      absl::StrCat("logged in at ", settings.server, " as ",
                   ShortName(me.user()), " (", ScopeWord(me.scope()), ")");
  if (me.has_expire_time()) {
    absl::StrAppend(&text, "; the token expires ",
                    AgoText(TimeOf(me.expire_time()), now));
  }
  return absl::StrCat(text, "\nstored in ", settings.file, "\n");
}

absl::StatusOr<int> Login(Session& session) {
  auto settings =
      LoadSettings(session.flags().server, session.flags().token_file,
                   session.host().environment);
  if (!settings.ok()) return settings.status();
  // A token that is not named by a flag is asked for: the stored one is what
  // the user wants to replace.
  if (session.flags().token_file.empty()) {
    auto token = AskForToken(session);
    if (!token.ok()) return token.status();
    settings->token = *token;
  }
  Client::Options options;
  options.server = settings->server;
  options.token = settings->token;
  options.sleep = session.host().sleep;
  session.set_server(settings->server);
  Client client(session.host().connect(settings->server), options);
  const auto me = client.Call(calls::kWhoAmI, {});
  if (!me.ok()) return me.status();
  const absl::Status saved = SaveSettings(*settings);
  if (!saved.ok()) return saved;
  session.out() << Greeting(*me, *settings, session.now());
  return kDone;
}

}  // namespace

Command LoginVerb() {
  Command command;
  command.name = "login";
  command.summary = "Store a server's address and a token for later calls";
  command.details =
      "Asks for the token (or takes --token-file, or a line of standard "
      "input), tries it, and writes client.yaml, which only you can read.";
  command.examples = {
      {"engram login --server localhost:7070", "the token is asked for"}};
  command.run = Login;
  return command;
}

}  // namespace engram::cli
