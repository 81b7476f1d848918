#include "core/spec/component.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/contract.h"

namespace engram {
namespace {

template <class T>
const T& As(const Value& value) {
  const T* held = std::get_if<T>(&value.data);
  ENGRAM_EXPECT(held != nullptr);
  return *held;
}

double AsReal(const Value& value) {
  if (const int64_t* whole = std::get_if<int64_t>(&value.data)) {
    return static_cast<double>(*whole);
  }
  return As<double>(value);
}

std::vector<double> AsReals(const Value& value) {
  std::vector<double> reals;
  for (const Value& item : As<Value::List>(value)) {
    reals.push_back(AsReal(item));
  }
  return reals;
}

}  // namespace

const Value& Component::Get(std::string_view parameter) const {
  const auto found = parameters.find(std::string(parameter));
  ENGRAM_EXPECT(found != parameters.end());
  return found->second;
}

bool Component::Has(std::string_view parameter) const {
  return parameters.contains(std::string(parameter));
}

double Component::Real(std::string_view parameter) const {
  return AsReal(Get(parameter));
}

int64_t Component::Integer(std::string_view parameter) const {
  return As<int64_t>(Get(parameter));
}

bool Component::Boolean(std::string_view parameter) const {
  return As<bool>(Get(parameter));
}

const std::string& Component::Text(std::string_view parameter) const {
  return As<std::string>(Get(parameter));
}

std::vector<double> Component::Reals(std::string_view parameter) const {
  return AsReals(Get(parameter));
}

std::vector<std::vector<double>> Component::RealRows(
    std::string_view parameter) const {
  std::vector<std::vector<double>> rows;
  for (const Value& row : As<Value::List>(Get(parameter))) {
    rows.push_back(AsReals(row));
  }
  return rows;
}

std::vector<std::string> Component::Texts(std::string_view parameter) const {
  std::vector<std::string> texts;
  for (const Value& item : As<Value::List>(Get(parameter))) {
    texts.push_back(As<std::string>(item));
  }
  return texts;
}

const std::vector<Component>& Component::Slots(std::string_view slot) const {
  const auto found = slots.find(std::string(slot));
  ENGRAM_EXPECT(found != slots.end());
  return found->second;
}

const Component* Component::Find(std::string_view slot) const {
  const std::vector<Component>& held = Slots(slot);
  ENGRAM_EXPECT(held.size() <= 1);
  return held.empty() ? nullptr : &held.front();
}

const Component& Component::Slot(std::string_view slot) const {
  const Component* held = Find(slot);
  ENGRAM_EXPECT(held != nullptr);
  return *held;
}

}  // namespace engram
