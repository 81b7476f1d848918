#pragma once

#include <map>
#include <string>
#include <vector>

#include "client/cli/wire/client.h"
#include "engram/v1/catalog.pb.h"

namespace engram::cli {

// What components leave, in the order in which the catalogue lists it:
// programs before analyses, and of each what matters most before the rest.
class OutputOrder {
 public:
  OutputOrder() = default;
  explicit OutputOrder(const v1::ListComponentTypesResponse& catalog);

  // Whether `a` is listed before `b`; names that are not listed come last, by
  // name. "early.sequence_length" stands where sequence_length does.
  bool IsBefore(const std::string& a, const std::string& b) const;

  // The keys of a map by name, in this order.
  template <class Map>
  std::vector<std::string> Sorted(const Map& values) const {
    std::vector<std::string> names;
    for (const auto& [name, value] : values) names.push_back(name);
    Sort(&names);
    return names;
  }
  void Sort(std::vector<std::string>* names) const;

 private:
  int PlaceOf(const std::string& name) const;

  std::map<std::string, int> places_;
};

// By name alone where the server has no catalogue to give.
OutputOrder FetchOutputOrder(Client& client);

}  // namespace engram::cli
