#pragma once

#include <string>
#include <vector>

#include "client/cli/text/look.h"
#include "client/cli/text/table.h"

namespace engram::cli {

// One thing's properties, a line each: its name, then its value.
class Fields {
 public:
  void Add(std::string name, std::string value, Tone tone = Tone::kPlain);
  // As above, unless `value` is empty.
  void AddIf(std::string name, std::string value);
  std::string Render(const Look& look) const;

 private:
  struct Field {
    std::string name;
    Cell value;
  };
  std::vector<Field> fields_;
};

}  // namespace engram::cli
