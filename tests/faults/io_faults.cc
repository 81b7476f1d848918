#include "tests/faults/io_faults.h"

#include <cerrno>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"

namespace engram::faults {
namespace {

namespace fs = std::filesystem;

std::atomic<IoFaults*> watching = nullptr;

bool CanHappenTo(Kind kind, Call call) {
  switch (kind) {
    case Kind::kIoError:
      return true;
    case Kind::kDiskFull:
      return call == Call::kMake || call == Call::kWrite;
    case Kind::kShortWrite:
      return call == Call::kWrite;
    case Kind::kFailedSync:
      return call == Call::kSync;
  }
  return false;
}

std::string Contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

IoFaults::IoFaults(fs::path folder) : folder_(folder.string() + "/") {
  {
    MutexLock lock(mu_);
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file())
        files_[entry.path().string()].on_disk = Contents(entry.path());
  }
  watching = this;
}

IoFaults::~IoFaults() { watching = nullptr; }

void IoFaults::Arm(const Plan& plan) {
  plan_ = plan;
  call_count_ = 0;
  failure_count_ = 0;
  is_armed_ = true;
}

void IoFaults::Disarm() { is_armed_ = false; }

IoFaults* IoFaults::Watching() { return watching; }

bool IoFaults::IsBelow(const char* path) const {
  return absl::StartsWith(path, folder_);
}

bool IoFaults::Knows(int fd) const {
  MutexLock lock(mu_);
  return open_.contains(fd);
}

bool IoFaults::Fails(Call call) {
  if (!is_armed_ || !CanHappenTo(plan_.kind, call)) return false;
  const int64_t number = ++call_count_;
  const bool fails = plan_.for_good ? number >= plan_.at : number == plan_.at;
  if (fails) ++failure_count_;
  return fails;
}

bool IoFaults::ShortensWrites() const {
  return plan_.kind == Kind::kShortWrite;
}

int IoFaults::error() const {
  return plan_.kind == Kind::kDiskFull || plan_.kind == Kind::kShortWrite
             ? ENOSPC
             : EIO;
}

void IoFaults::Opened(int fd, const char* path, bool truncated) {
  MutexLock lock(mu_);
  open_[fd] = path;
  if (absl::EndsWith(path, "-shm") || fs::is_directory(path)) return;
  File& file = files_[path];
  if (truncated) file.pending.push_back({0, true, ""});
}

void IoFaults::Closed(int fd) {
  MutexLock lock(mu_);
  open_.erase(fd);
}

void IoFaults::Wrote(int fd, int64_t offset, const void* bytes, size_t count) {
  MutexLock lock(mu_);
  const auto file = files_.find(open_[fd]);
  if (file == files_.end()) return;
  file->second.pending.push_back(
      {offset, false, std::string(static_cast<const char*>(bytes), count)});
}

void IoFaults::Truncated(int fd, int64_t size) {
  MutexLock lock(mu_);
  const auto file = files_.find(open_[fd]);
  if (file != files_.end()) file->second.pending.push_back({size, true, ""});
}

void IoFaults::Synced(int fd, bool succeeded) {
  MutexLock lock(mu_);
  const auto found = files_.find(open_[fd]);
  if (found == files_.end()) return;
  File& file = found->second;
  for (const Change& change : file.pending) {
    if (!succeeded) break;
    const auto offset = static_cast<size_t>(change.offset);
    const size_t end = offset + change.bytes.size();
    if (change.is_cut || end > file.on_disk.size()) file.on_disk.resize(end);
    file.on_disk.replace(offset, change.bytes.size(), change.bytes);
  }
  file.pending.clear();
}

void IoFaults::CutPower(const fs::path& into) const {
  std::map<std::string, File> files;
  {
    // Not held while files are written: those calls pass here, too.
    MutexLock lock(mu_);
    files = files_;
  }
  for (const auto& [path, file] : files) {
    if (!fs::exists(path)) continue;  // removed since
    const fs::path copy = into / path.substr(folder_.size());
    fs::create_directories(copy.parent_path());
    std::ofstream(copy, std::ios::binary) << file.on_disk;
  }
}

}  // namespace engram::faults
