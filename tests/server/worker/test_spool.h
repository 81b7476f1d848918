#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "server/worker/spool.h"

namespace engram {

// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() / "engram_test_XXXXXX") {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  // Entries, whatever they are.
  int64_t count() const {
    const std::filesystem::directory_iterator entries(path_);
    return std::distance(begin(entries), end(entries));
  }

 private:
  std::string path_;
};

// A spool in a folder of its own. `options.folder` is filled in.
class TestSpool {
 public:
  explicit TestSpool(Spool::Options options = {})
      : spool_([&] {
          options.folder = folder_.path();
          return options;
        }()) {}

  operator Spool&() { return spool_; }  // NOLINT
  Spool* operator->() { return &spool_; }
  Spool& operator*() { return spool_; }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  Spool spool_;
};

}  // namespace engram
