#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/json_text.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_component.h"
#include "core/spec/yaml_node.h"
#include "server/rpc/catalog.h"
#include "server/rpc/component_message.h"
#include "server/rpc/resolver.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

constexpr const char* kFile = "component";

// The type that the text says; null after a fault, which it adds.
const ComponentSpec* SpecOf(const YamlNode& node, const Catalog& catalog,
                            Faults& faults) {
  const ComponentSpec* spec = WrittenType(node, "", catalog);
  if (spec != nullptr || !faults.empty()) return spec;
  const YamlNode* type = node.IsScalar() ? &node : node.Find("type");
  if (type == nullptr || !type->IsScalar()) {
    faults.push_back({node.line, "",
                      "a component is written {type: hebbian, "
                      "eta: 0.1}; this has no type"});
    return nullptr;
  }
  std::vector<std::string> known;
  for (const ComponentSpec& one : catalog.specs()) known.push_back(one.type);
  faults.push_back({type->line, "type",
                    absl::StrCat("there is no component type ", type->text,
                                 SuggestName(type->text, known))});
  return nullptr;
}

}  // namespace

absl::StatusOr<v1::DescribeResponse> Describe(
    const Caller& /*caller*/, const v1::DescribeRequest& request,
    const Parts& parts) {
  Faults faults;
  const YamlNode node = ParseYaml(request.text(), faults);
  const Catalog& catalog = parts.science.catalog;
  const ComponentSpec* spec = SpecOf(node, catalog, faults);
  if (spec == nullptr) return BadText(faults, kFile);
  const StoreResolver resolver(parts.store);
  ReadContext context{
      .catalog = catalog, .resolver = resolver, .faults = faults};
  const Component component =
      ReadComponent(node, spec->kind, "", kFile, context);
  if (!faults.empty()) return BadText(faults, kFile);
  v1::DescribeResponse reply;
  *reply.mutable_component_type() = ComponentMessage(*spec);
  AppendJson(component, *reply.mutable_component_json());
  return reply;
}

}  // namespace engram
