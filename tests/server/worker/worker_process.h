#pragma once

#include <string>
#include <vector>

namespace engram {

// The engram-worker that was built with the tests.
std::string WorkerPath();

// A process with pipes on its stdin, stdout and stderr.
class WorkerProcess {
 public:
  explicit WorkerProcess(std::vector<std::string> arguments,
                         std::vector<std::string> environment = {});
  // Closes its stdin and waits.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  int pid() const { return pid_; }
  void Tell(const std::string& text) const;
  void CloseInput();
  // The next line without its end; empty at the end of all.
  std::string Line() const;

  struct End {
    int code = -1;  // of exit; minus the number of a signal
    std::string out, err;
  };
  // Closes its stdin, reads to the end, and waits.
  End Wait();

 private:
  int pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
};

}  // namespace engram
