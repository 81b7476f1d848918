#pragma once

#include <string>

#include "core/spec/catalog.h"

namespace engram {

// The catalog as Markdown: a section for each kind, an entry for each type
// with summary, equation, parameters (type, unit, default, range, meaning),
// slots, outputs and reference.
std::string RenderReference(const Catalog& catalog);

// The table of a type's parameters alone; empty when it has none.
std::string RenderParameters(const ComponentSpec& spec);

}  // namespace engram
