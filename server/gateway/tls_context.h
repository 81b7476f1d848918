#pragma once

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/rpc/certificate.h"

namespace engram {

// The certificate under which new connections are taken. A renewed one is
// noticed within five seconds and serves the connections that come after; files
// that do not fit (half renewed, broken) leave the present one in use. Used on
// one strand.
class TlsContext {
 public:
  static absl::StatusOr<std::unique_ptr<TlsContext>> Load(TlsFiles files);

  std::shared_ptr<boost::asio::ssl::context> Current(
      std::chrono::steady_clock::time_point now);

 private:
  using Times = std::pair<std::filesystem::file_time_type,
                          std::filesystem::file_time_type>;

  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}
  absl::StatusOr<std::shared_ptr<boost::asio::ssl::context>> Read() const;
  // When each file was written; the least for one that is not there.
  Times FileTimes() const;

  const TlsFiles files_;
  std::shared_ptr<boost::asio::ssl::context> current_;
  Times times_;
  std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace engram
