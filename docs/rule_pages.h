#pragma once

#include <map>
#include <string>

namespace engram {

// The reference of learning rules: text of each file by its path below docs/,
// rules.md and a figure for each rule (rules/oja.svg). Drawing takes seconds.
std::map<std::string, std::string> RenderRulePages();

// rules.md alone.
std::string RenderRulePage();

}  // namespace engram
