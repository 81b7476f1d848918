#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace engram {

// Tree and seed of one run of the comparison of rules that store a sequence,
// with every default left out.
inline std::string FlagshipTree(absl::string_view rule, int seed = 1) {
  return absl::StrCat(
      R"({"experiment":{"type":"sequence_learning","network":{"type":)"
      R"("rate_rnn"},"task":{"type":"item_sequence"},"rule":{"type":")",
      rule,
      R"("},"analyses":[{"type":"weight_structure"},{"type":"recall"}]},)"
      R"("seed":)",
      seed, "}");
}

}  // namespace engram
