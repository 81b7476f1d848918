#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engram/v1/events.pb.h"
#include "server/queue/run_name.h"

namespace engram {

// Live items that wait for one watcher: the newest of each run and name. They
// may be dropped, so both their number and their bytes are bounded.
class LiveItems {
 public:
  static constexpr std::size_t kMaxItems = 64;
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 10;

  // Takes the place of the one before; dropped when there is no room for it.
  void Put(const RunName& run, std::shared_ptr<const v1::Event> event,
           std::size_t bytes);
  // In order of run and name; none are left.
  std::vector<std::shared_ptr<const v1::Event>> Take();
  bool empty() const { return items_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Item {
    std::shared_ptr<const v1::Event> event;
    std::size_t bytes = 0;
  };
  std::map<std::pair<RunName, std::string>, Item> items_;
  std::size_t bytes_ = 0;
};

}  // namespace engram
