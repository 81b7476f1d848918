#pragma once

#include <string>
#include <vector>

namespace engram {

// A server's end of a pool's socket, as a test plays it.
class PoolClient {
 public:
  // Connects; the test fails when nobody listens. Takes no line.
  explicit PoolClient(const std::string& path);
  PoolClient(PoolClient&& other) noexcept;
  PoolClient& operator=(PoolClient&& other) noexcept;
  ~PoolClient();

  void Tell(const std::string& line) const;
  // The next line as fields, waiting for it; none at the end.
  std::vector<std::string> Reply();
  // Replies up to and with the one that begins so; none at the end.
  std::vector<std::string> ReplyThat(const std::string& begins_with);
  void Close();

 private:
  int fd_ = -1;
};

}  // namespace engram
