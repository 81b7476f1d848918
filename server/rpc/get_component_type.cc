#include <string>
#include <vector>

#include "server/rpc/catalog.h"
#include "server/rpc/component_message.h"
#include "server/rpc/status.h"

namespace engram {

absl::StatusOr<v1::ComponentType> GetComponentType(
    const Caller& /*caller*/, const v1::GetComponentTypeRequest& request,
    const Parts& parts) {
  const Catalog& catalog = parts.science.catalog;
  const ComponentSpec* spec = catalog.Find(request.type());
  if (spec != nullptr) return ComponentMessage(*spec);
  std::vector<std::string> known;
  for (const ComponentSpec& one : catalog.specs()) known.push_back(one.type);
  return Unknown("component type", request.type(), known);
}

}  // namespace engram
