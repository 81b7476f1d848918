#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/spiking/connectivity.h"

namespace engram {

// Draws a given number of partners of one unit among n candidates: what rows
// with a fixed degree share.
//
// With repetition each is a uniform number of its own. Without, Floyd's method
// (Bentley and Floyd 1987, doi:10.1145/30401.315746) takes one number a
// partner, too. Numbers are addressed by (unit, partner).
class PartnerDraw {
 public:
  // `skips_itself`: unit i never is a partner of unit i.
  PartnerDraw(int64_t candidates, bool multapses, bool skips_itself,
              RandomStream random)
      : candidates_(candidates - (skips_itself ? 1 : 0)),
        multapses_(multapses),
        skips_itself_(skips_itself),
        random_(random) {}

  // Replaces `partners` by `degree` of them, ascending.
  void Draw(int64_t unit, int64_t degree, std::vector<int32_t>& partners) const;

 private:
  void WithRepetition(int64_t unit, std::vector<int32_t>& partners) const;
  void WithoutRepetition(int64_t unit, std::vector<int32_t>& partners) const;

  int64_t candidates_;
  bool multapses_;
  bool skips_itself_;
  RandomStream random_;
};

// Why a unit cannot have so many partners among `candidates` units; empty when
// it can. `name` is the degree's, `side` what the candidates are.
std::string WhyNotSoMany(absl::string_view name, int64_t degree,
                         int64_t candidates, absl::string_view side,
                         bool multapses, bool skips_itself);

// Both rows' `multapses` and `autapses`.
std::vector<ParameterSpec> RepetitionParameters();

}  // namespace engram
