#include "client/cli/output_order.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "client/cli/wire/methods.h"

namespace engram::cli {

OutputOrder::OutputOrder(const v1::ListComponentTypesResponse& catalog) {
  for (const v1::ComponentType& type : catalog.component_types()) {
    for (const v1::Output& output : type.outputs()) {
      places_.emplace(output.name(), static_cast<int>(places_.size()));
    }
  }
}

int OutputOrder::PlaceOf(const std::string& name) const {
  const auto whole = places_.find(name);
  if (whole != places_.end()) return whole->second;
  const auto own = places_.find(name.substr(name.rfind('.') + 1));
  return own != places_.end() ? own->second : std::numeric_limits<int>::max();
}

bool OutputOrder::IsBefore(const std::string& a, const std::string& b) const {
  const int place_a = PlaceOf(a);
  const int place_b = PlaceOf(b);
  return std::tie(place_a, a) < std::tie(place_b, b);
}

void OutputOrder::Sort(std::vector<std::string>* names) const {
  std::sort(names->begin(), names->end(),
            [this](const std::string& a, const std::string& b) {
              return IsBefore(a, b);
            });
}

OutputOrder FetchOutputOrder(Client& client) {
  const auto catalog = client.Call(calls::kListComponentTypes, {});
  return catalog.ok() ? OutputOrder(*catalog) : OutputOrder();
}

}  // namespace engram::cli
