#include "tests/server/worker/worker_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace engram {
namespace {

std::array<int, 2> Pipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  return ends;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What it writes must fit into the pipe while nobody reads: a few lines.
std::string ReadAll(int fd) {
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t n;
  while ((n = read(fd, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<size_t>(n));
  }
  return text;
}

}  // namespace

std::string WorkerPath() { return ENGRAM_WORKER_PATH; }

WorkerProcess::WorkerProcess(std::vector<std::string> arguments,
                             std::vector<std::string> environment) {
  arguments.insert(arguments.begin(), WorkerPath());
  const std::array<int, 2> in = Pipe(), out = Pipe(), err = Pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  EXPECT_EQ(
      posix_spawn(&pid_, WorkerPath().c_str(), &actions, nullptr,
                  Pointers(arguments).data(), Pointers(environment).data()),
      0);
  posix_spawn_file_actions_destroy(&actions);
  for (const int fd : {in[0], out[1], err[1]}) close(fd);
  in_ = in[1];
  out_ = out[0];
  err_ = err[0];
}

WorkerProcess::~WorkerProcess() {
  if (pid_ > 0) Wait();
}

void WorkerProcess::Tell(const std::string& text) const {
  EXPECT_EQ(write(in_, text.data(), text.size()),
            static_cast<ssize_t>(text.size()));
}

void WorkerProcess::CloseInput() {
  if (in_ >= 0) close(std::exchange(in_, -1));
}

std::string WorkerProcess::Line() const {
  std::string line;
  char c;
  while (read(out_, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

WorkerProcess::End WorkerProcess::Wait() {
  CloseInput();
  End end;
  end.out = ReadAll(out_);
  end.err = ReadAll(err_);
  close(out_);
  close(err_);
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return end;
}

}  // namespace engram
