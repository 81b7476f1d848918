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
  auto settings = session.settings();
  if (!settings.ok()) return settings.status();
  // A token that is not named by a flag is asked for: the stored one is what
  // the user wants to replace.
  if (session.flags().token_file.empty()) {
    auto token = AskForToken(session);
    if (!token.ok()) return token.status();
    settings->token = *token;
  }
  const auto client = session.Connect(*settings);
  if (!client.ok()) return client.status();
  const auto me = (*client)->Call(calls::kWhoAmI, {});
  if (!me.ok()) return me.status();
  const absl::Status saved = SaveSettings(*settings);
  if (!saved.ok()) return saved;
  session.out() << Greeting(*me, *settings, session.now());
  return kDone;
}

// Where the text of a link may go: whoever reads it can log in with it.
absl::StatusOr<int> MakeLink(Session& session) {
  if (!session.host().out_is_terminal) {
    return absl::InvalidArgumentError(
        "login --link prints a secret, and standard output is not a terminal; "
        "run it in one, and open the link in your browser");
  }
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto link =
      (*client)->Change(calls::kCreateLoginLink, v1::CreateLoginLinkRequest());
  if (!link.ok()) return link.status();
  session.out() << link->url() << "\n";
  session.err() << "open it in your browser within "
                << DurationText(TimeOf(link->expire_time()) - session.now())
                << "; it works once\n";
  return kDone;
}

}  // namespace

Command LoginVerb() {
  const auto server = std::make_shared<std::string>();
  const auto link = std::make_shared<bool>(false);
  Command command;
  command.name = "login";
  command.summary = "Store a server's address and a token for later calls";
  command.arguments = {
      {"SERVER", "", "its address: lab.example:7070", server.get()},
      {"--link", "",
       "print a link that logs a browser in, once; stores nothing",
       link.get()}};
  command.details =
      "Asks for the token (or takes --token-file, or a line of standard "
      "input), tries it, and writes client.yaml, which only you can read. A "
      "lab's own authority, which --ca names, is remembered with it.";
  command.examples = {
      {"engram login localhost:7070", "the token is asked for"},
      {"engram login lab.example:7070 --ca lab-ca.pem",
       "a server that the lab's own authority vouches for"},
      {"engram login --link", "open the dashboard in a browser"}};
  command.run = [server, link](Session& session) -> absl::StatusOr<int> {
    if (!server->empty()) session.set_server(*server);
    return *link ? MakeLink(session) : Login(session);
  };
  return command;
}

}  // namespace engram::cli
