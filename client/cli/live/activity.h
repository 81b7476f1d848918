#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "client/cli/text/raster.h"
#include "engram/v1/activity.pb.h"

namespace engram::cli {

// What the populations of a run did lately, from the previews that its worker
// sends. Stretches that were dropped on the way stay blank.
class RecentActivity {
 public:
  // Adds a preview and forgets what lies too far back; a preview from before
  // the newest one (the run began again) forgets all.
  void Add(const v1::Activity& activity);

  bool empty() const { return populations_.empty(); }
  // In the order in which the populations were first heard of.
  std::vector<RasterBand> Bands() const;
  double begin_ms() const;
  double end_ms() const;

 private:
  // Previews of each population that are kept: three seconds' worth.
  static constexpr size_t kMostPreviews = 30;

  struct Population {
    std::string name;
    std::deque<v1::Activity> previews;
  };
  std::vector<Population> populations_;
};

// The cells of a preview that are set, each in its middle.
std::vector<RasterMark> MarksOf(const v1::Activity& activity);

}  // namespace engram::cli
