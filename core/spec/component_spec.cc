#include "core/spec/component_spec.h"

#include <string>
#include <utility>
#include <vector>

namespace engram {

const ParameterSpec* FindParameter(const ComponentSpec& spec,
                                   const std::string& name) {
  for (const ParameterSpec& parameter : spec.parameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

ParameterSpec WithUnitOfSlot(ParameterSpec spec) {
  spec.has_unit_of_slot = true;
  return spec;
}

const SlotSpec* FindSlot(const ComponentSpec& spec, const std::string& name) {
  for (const SlotSpec& slot : spec.slots) {
    if (slot.name == name) return &slot;
  }
  return nullptr;
}

ParameterSpec Real(std::string name, std::string unit, double default_value,
                   double minimum, double maximum, std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = ParameterType::kReal;
  spec.unit = std::move(unit);
  spec.default_value = default_value;
  spec.minimum = minimum;
  spec.maximum = maximum;
  spec.meaning = std::move(meaning);
  return spec;
}

ParameterSpec Integer(std::string name, int64_t default_value, int64_t minimum,
                      int64_t maximum, std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = ParameterType::kInteger;
  spec.unit = "1";
  spec.default_value = default_value;
  spec.minimum = static_cast<double>(minimum);
  spec.maximum = static_cast<double>(maximum);
  spec.meaning = std::move(meaning);
  return spec;
}

ParameterSpec Boolean(std::string name, bool default_value,
                      std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = ParameterType::kBoolean;
  spec.default_value = default_value;
  spec.meaning = std::move(meaning);
  return spec;
}

ParameterSpec Choice(std::string name, std::string default_value,
                     std::vector<std::string> choices, std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = ParameterType::kChoice;
  spec.default_value = std::move(default_value);
  spec.choices = std::move(choices);
  spec.meaning = std::move(meaning);
  return spec;
}

ParameterSpec Text(std::string name, std::string default_value,
                   std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = ParameterType::kText;
  spec.default_value = std::move(default_value);
  spec.meaning = std::move(meaning);
  return spec;
}

}  // namespace engram
