#pragma once

#include <string>
#include <vector>

namespace engram {

// One thing that is wrong with what a user wrote.
struct Fault {
  int line = 0;         // 1-based; 0 where the text has no line for it
  std::string path;     // "experiment.rule.etta"; empty for the whole document
  std::string message;  // what was wrong, what is allowed, the nearest name

  // "rules.yaml:6: experiment.rule.etta: hebbian has no parameter etta; ..."
  // Without a line or a path, the text has no such part.
  std::string Format(const std::string& file) const;

  friend bool operator==(const Fault&, const Fault&) = default;
};

using Faults = std::vector<Fault>;

}  // namespace engram
