#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/text/look.h"
#include "client/cli/wire/client.h"
#include "client/cli/wire/settings.h"

namespace engram::cli {

// Where the program runs: what a test replaces.
struct Host {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  Environment environment;
  // Size of the terminal now, and whether it shows colours.
  std::function<Look()> look;
  std::function<absl::Time()> now;
  // Returns early when the user interrupts.
  std::function<void(absl::Duration)> sleep;
  // Whether the user has pressed Ctrl-C since this was first asked.
  std::function<bool()> interrupted;
  // To a server, which these authorities (PEM; empty: the usual) vouch for.
  std::function<std::shared_ptr<grpc::Channel>(const std::string& server,
                                               const std::string& authorities)>
      connect;
  // A line from the terminal that is not shown while it is typed.
  std::function<std::string()> read_secret;
};

enum class Format { kTable, kJson, kJsonl, kCsv, kName, kNpy };

// Flags that every verb takes.
struct GlobalFlags {
  std::string server;
  std::string token_file;
  std::string ca;
  std::string output;
  bool no_color = false;
  bool help = false;
};

// One call of the program, as a verb sees it.
class Session {
 public:
  Session(Host* host, const GlobalFlags* flags) : host_(host), flags_(flags) {}

  Host& host() { return *host_; }
  std::ostream& out() { return *host_->out; }
  std::ostream& err() { return *host_->err; }
  const GlobalFlags& flags() const { return *flags_; }

  Format format() const;
  bool wants_table() const { return format() == Format::kTable; }
  // How text may look on `out`; without an edge where that is no terminal.
  Look look() const;
  absl::Time now() const { return host_->now(); }

  // In place of what --server says.
  void set_server(std::string server) { named_server_ = std::move(server); }
  // What flags, environment and client.yaml say.
  absl::StatusOr<Settings> settings() const;
  // A client of that server, which errors from now on name.
  absl::StatusOr<std::unique_ptr<Client>> Connect(const Settings& settings);
  // The server that flags, environment and client.yaml name; made once.
  absl::StatusOr<Client*> client();
  // Another one of the same server, whose calls may take that long; for a
  // thread of its own.
  absl::StatusOr<std::unique_ptr<Client>> OpenClient(absl::Duration deadline);
  // Its address; empty until `client` was called.
  const std::string& server() const { return server_; }
  // Before the first call of `client`: how long a call may take.
  void set_deadline(absl::Duration deadline) { deadline_ = deadline; }

  // How messages call the text that was sent; faults are shown with it.
  void set_text_name(std::string name) { text_name_ = std::move(name); }
  const std::string& text_name() const { return text_name_; }

 private:
  Host* host_;
  const GlobalFlags* flags_;
  std::unique_ptr<Client> client_;
  std::string named_server_;
  std::string server_;
  std::string text_name_;
  absl::Duration deadline_ = absl::Seconds(60);
};

}  // namespace engram::cli
