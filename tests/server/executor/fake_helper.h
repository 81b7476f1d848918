#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/mutex.h"

namespace engram {

// A helper that lives in the test: listens on a socket, greets, and answers
// each line as the test says.
class FakeHelper {
 public:
  // Nothing: hangs up.
  using Answer = std::optional<std::vector<std::string>>;
  using Obey = std::function<Answer(const std::string& line)>;

  // `protocol` is what the greeting of each connection says, the last one for
  // all that follow.
  FakeHelper(std::string path, Obey obey, std::vector<int> protocols = {1});
  ~FakeHelper();

  // Every line but `start` and `list` that came.
  std::vector<std::string> heard() const;
  int connections() const;

 private:
  void Listen();
  void Serve(int fd);

  const std::string path_;
  const Obey obey_;
  const std::vector<int> protocols_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  mutable Mutex mu_;
  std::vector<std::string> heard_ GUARDED_BY(mu_);
  int connections_ GUARDED_BY(mu_) = 0;
  std::thread thread_;
};

}  // namespace engram
