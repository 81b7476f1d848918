#include "server/worker/process_usage.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace engram {
namespace {

// The number of kB behind `name` in /proc/self/status, as bytes; 0 if it is not
// there. Read without the heap: the process may be at its limit.
int64_t StatusBytes(absl::string_view name) {
  const int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  std::array<char, 8192> buffer;
  const ssize_t n = read(fd, buffer.data(), buffer.size());
  close(fd);
  absl::string_view text(buffer.data(), n > 0 ? static_cast<size_t>(n) : 0);
  const size_t at = text.find(name);
  if (at == absl::string_view::npos) return 0;
  text.remove_prefix(at + name.size());
  text = absl::StripAsciiWhitespace(text.substr(0, text.find("kB")));
  int64_t kilobytes = 0;
  return absl::SimpleAtoi(text, &kilobytes) ? kilobytes * 1024 : 0;
}

}  // namespace

std::chrono::nanoseconds ProcessCpuTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::nanoseconds(time.tv_nsec);
}

void ResetPeakResidentBytes() {
  const int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  // proc(5): 5 resets VmHWM to the present resident size.
  [[maybe_unused]] const ssize_t written = write(fd, "5", 1);
  close(fd);
}

int64_t PeakResidentBytes() {
  if (const int64_t bytes = StatusBytes("\nVmHWM:"); bytes > 0) return bytes;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

int64_t DataBytes() { return StatusBytes("\nVmData:"); }

}  // namespace engram
