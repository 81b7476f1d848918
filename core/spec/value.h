#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace engram {

// What a parameter holds once it is validated: numbers are in the parameter's
// own unit, choices and references are text, points and matrices are lists of
// lists.
struct Value {
  using List = std::vector<Value>;
  using Map = std::map<std::string, Value>;
  std::variant<bool, int64_t, double, std::string, List, Map> data;

  Value() : data(int64_t{0}) {}
  Value(bool v) : data(v) {}                      // NOLINT
  Value(int v) : data(int64_t{v}) {}              // NOLINT
  Value(int64_t v) : data(v) {}                   // NOLINT
  Value(double v) : data(v) {}                    // NOLINT
  Value(const char* v) : data(std::string(v)) {}  // NOLINT
  Value(std::string v) : data(std::move(v)) {}    // NOLINT
  Value(List v) : data(std::move(v)) {}           // NOLINT
  Value(Map v) : data(std::move(v)) {}            // NOLINT

  friend bool operator==(const Value&, const Value&) = default;
};

}  // namespace engram
