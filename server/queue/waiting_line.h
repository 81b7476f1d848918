#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// What the order needs to know of a run that waits.
struct WaitingRun {
  int64_t id = 0;  // the queue's own
  std::string owner;
  bool urgent = false;
  int priority = 0;
  int64_t age = 0;  // number of its experiment: less for an older one
  int64_t point = 0;
  double charge = 0;  // expected cpu-seconds
};

// The runs that wait and could start. Urgent ones come first, oldest first.
// Then users take turns: whoever has used least, counting what he has running
// and what was put before him in this very order. One user's own runs go by
// priority, then age, then point.
class WaitingLine {
 public:
  // cpu-seconds that a user counts with when the order begins.
  using ShareOf = std::function<double(absl::string_view owner)>;

  void Add(const WaitingRun& run);
  void Remove(int64_t id);
  bool empty() const { return runs_.empty(); }
  std::size_t size() const { return runs_.size(); }
  bool has_urgent() const { return !urgent_.empty(); }

  // Goes through the line in order. The line must not change meanwhile.
  class Walk {
   public:
    // The next run; null at the end. Its owner is charged for it.
    const WaitingRun* Next();
    // Leaves the rest of an owner's runs out.
    void Skip(absl::string_view owner);

   private:
    friend class WaitingLine;
    struct Turn {
      double share;
      const std::string* owner;
      bool operator>(const Turn& other) const {
        return std::tie(share, *owner) > std::tie(other.share, *other.owner);
      }
    };
    const WaitingLine* line_ = nullptr;
    std::set<std::tuple<int64_t, int64_t, int64_t>>::const_iterator urgent_;
    std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns_;
    std::map<
        std::string,
        std::set<std::tuple<int, int64_t, int64_t, int64_t>>::const_iterator>
        next_;
    std::set<std::string> skipped_;
  };
  Walk Begin(const ShareOf& share) const;

 private:
  // (-priority, age, point, id)
  using OwnKey = std::tuple<int, int64_t, int64_t, int64_t>;
  // (age, point, id)
  using UrgentKey = std::tuple<int64_t, int64_t, int64_t>;
  static OwnKey Own(const WaitingRun& run);
  static UrgentKey Urgent(const WaitingRun& run);

  std::map<int64_t, WaitingRun> runs_;
  std::map<std::string, std::set<OwnKey>> own_;
  std::set<UrgentKey> urgent_;
};

}  // namespace engram
