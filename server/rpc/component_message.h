#pragma once

#include "core/spec/component_spec.h"
#include "core/spec/value.h"
#include "engram/v1/catalog.pb.h"

namespace engram {

// A row of the catalog as the wire's message.
v1::ComponentType ComponentMessage(const ComponentSpec& spec);

// A parameter's value as JSON has it; integers become numbers.
google::protobuf::Value JsonValue(const Value& value);

}  // namespace engram
