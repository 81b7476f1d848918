#include "client/cli/session.h"

#include <utility>

namespace engram::cli {

Format Session::format() const {
  if (flags_->output == "json") return Format::kJson;
  if (flags_->output == "jsonl") return Format::kJsonl;
  if (flags_->output == "csv") return Format::kCsv;
  if (flags_->output == "name") return Format::kName;
  if (flags_->output == "npy") return Format::kNpy;
  return Format::kTable;
}

Look Session::look() const {
  if (!host_->out_is_terminal) return Look{};
  Look look = host_->look();
  if (flags_->no_color || host_->environment("NO_COLOR")) look.color = false;
  return look;
}

absl::StatusOr<Settings> Session::settings() const {
  return LoadSettings(
      {.server = named_server_.empty() ? flags_->server : named_server_,
       .token_file = flags_->token_file,
       .ca = flags_->ca},
      host_->environment);
}

absl::StatusOr<std::unique_ptr<Client>> Session::Connect(
    const Settings& settings) {
  const auto authorities = ReadAuthorities(settings);
  if (!authorities.ok()) return authorities.status();
  server_ = settings.server;
  Client::Options options;
  options.server = settings.server;
  options.token = settings.token;
  options.sleep = host_->sleep;
  options.deadline = deadline_;
  return std::make_unique<Client>(host_->connect(settings.server, *authorities),
                                  std::move(options));
}

absl::StatusOr<Client*> Session::client() {
  if (client_ != nullptr) return client_.get();
  auto client = OpenClient(deadline_);
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  return client_.get();
}

absl::StatusOr<std::unique_ptr<Client>> Session::OpenClient(
    absl::Duration deadline) {
  const auto found = settings();
  if (!found.ok()) return found.status();
  if (!found->warning.empty()) {
    err() << "engram: " << found->warning << "\n";
  }
  deadline_ = deadline;
  return Connect(*found);
}

}  // namespace engram::cli
