#include "server/rpc/science.h"

#include "core/presets/presets.h"
#include "core/programs/builtin.h"

namespace engram {

const Science& BuiltinScience() {
  static const Science* const science = [] {
    auto* built = new Science{.catalog = BuiltinCatalog(),
                              .estimate = EstimateProgram,
                              .check_record = CheckRecord,
                              .presets = {}};
    for (const Preset& preset : Presets()) {
      built->presets.push_back({preset.name, preset.text});
    }
    return built;
  }();
  return *science;
}

}  // namespace engram
