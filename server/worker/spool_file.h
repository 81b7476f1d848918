#pragma once

#include <unistd.h>

#include <cstdint>
#include <string>
#include <utility>

#include "server/worker/spool.h"

namespace engram {

// Goes, and is removed, with the last that holds it.
struct Spool::File {
  File(std::string at, int descriptor) : path(std::move(at)), fd(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    close(fd);
    unlink(path.c_str());
  }

  const std::string path;
  const int fd;
  int64_t size = 0;  // guarded by the spool's mu_
};

}  // namespace engram
