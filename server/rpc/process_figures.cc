#include "server/rpc/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace engram {
namespace {

// /proc/self/stat after the name, which may hold anything: the third field on.
std::istringstream StatFields() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  std::getline(in, line);
  const size_t end = line.rfind(')');
  return std::istringstream(end == std::string::npos ? ""
                                                     : line.substr(end + 2));
}

int64_t CountOpenFiles() {
  std::error_code error;
  int64_t count = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    ++count;
  }
  return count;
}

}  // namespace

ProcessFigures ReadProcessFigures() {
  ProcessFigures figures;
  std::istringstream stat = StatFields();
  std::string skipped;
  for (int field = 3; field < 14; ++field) stat >> skipped;
  int64_t user_ticks = 0, system_ticks = 0, resident_pages = 0;
  stat >> user_ticks >> system_ticks;  // 14, 15
  for (int field = 16; field < 20; ++field) stat >> skipped;
  stat >> figures.threads;                          // 20
  stat >> skipped >> skipped;                       // 21, 22
  stat >> figures.virtual_bytes >> resident_pages;  // 23, 24
  figures.cpu_seconds = static_cast<double>(user_ticks + system_ticks) /
                        static_cast<double>(sysconf(_SC_CLK_TCK));
  figures.resident_bytes = resident_pages * sysconf(_SC_PAGESIZE);
  figures.open_files = CountOpenFiles();
  struct rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    figures.most_files = static_cast<int64_t>(limit.rlim_cur);
  }
  return figures;
}

}  // namespace engram
