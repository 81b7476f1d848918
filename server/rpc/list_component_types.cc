#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"
#include "server/rpc/catalog.h"
#include "server/rpc/component_message.h"
#include "server/rpc/status.h"

namespace engram {

absl::StatusOr<v1::ListComponentTypesResponse> ListComponentTypes(
    const Caller& /*caller*/, const v1::ListComponentTypesRequest& request,
    const Parts& parts) {
  v1::ListComponentTypesResponse reply;
  std::set<std::string> kinds;
  for (const ComponentSpec& spec : parts.science.catalog.specs()) {
    const std::string kind(KindName(spec.kind));
    kinds.insert(kind);
    if (request.kind().empty() || request.kind() == kind) {
      *reply.add_component_types() = ComponentMessage(spec);
    }
  }
  if (!request.kind().empty() && !kinds.contains(request.kind())) {
    const std::vector<std::string> known(kinds.begin(), kinds.end());
    return BadField("kind", absl::StrCat("there is no kind ", request.kind(),
                                         SuggestName(request.kind(), known)));
  }
  return reply;
}

}  // namespace engram
