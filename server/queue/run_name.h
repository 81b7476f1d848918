#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// Which run: an experiment's id and the number of the point.
struct RunName {
  std::string experiment;  // "k7m2q9xw4p"
  int64_t point = 0;

  // "experiments/k7m2q9xw4p/runs/17"
  std::string Full() const;
  // "k7m2q9xw4p/17"
  std::string Short() const;
  // Of its attempt or verification: ".../attempts/2".
  std::string Attempt(int number) const;
  std::string Verification(int64_t number) const;

  friend bool operator==(const RunName&, const RunName&) = default;
  friend auto operator<=>(const RunName&, const RunName&) = default;
};

// Ten random letters and digits, the first a letter; digits that look like
// letters (0, 1) and letters that look like digits (l, o) are left out.
std::string MakeExperimentId();

}  // namespace engram
