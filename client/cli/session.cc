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

absl::StatusOr<Client*> Session::client() {
  if (client_ != nullptr) return client_.get();
  auto settings =
      LoadSettings(flags_->server, flags_->token_file, host_->environment);
  if (!settings.ok()) return settings.status();
  if (!settings->warning.empty()) {
    err() << "engram: " << settings->warning << "\n";
  }
  server_ = settings->server;
  Client::Options options;
  options.server = settings->server;
  options.token = settings->token;
  options.sleep = host_->sleep;
  options.deadline = deadline_;
  client_ = std::make_unique<Client>(host_->connect(settings->server),
                                     std::move(options));
  return client_.get();
}

}  // namespace engram::cli
