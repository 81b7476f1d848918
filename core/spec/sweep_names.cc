#include "core/spec/sweep_names.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/spec/read_seed.h"

namespace engram {
namespace {

// A summary value stands before the last point of a series of its name.
void AddOutput(const std::string& name, const OutputSpec& output,
               std::map<std::string, OutputSpec>& outputs) {
  const auto [entry, is_new] = outputs.emplace(name, output);
  if (!is_new && output.kind == OutputKind::kSummary) {
    entry->second.kind = output.kind;
  }
}

// Names as they are recorded: behind the component's own where it has one.
void CollectOutputs(const Component& component, const Catalog& catalog,
                    std::map<std::string, OutputSpec>& outputs) {
  const ComponentSpec* spec = catalog.Find(component.type);
  if (spec == nullptr) return;
  for (const OutputSpec& output : spec->outputs) {
    AddOutput(component.name.empty()
                  ? output.name
                  : absl::StrCat(component.name, ".", output.name),
              output, outputs);
  }
  for (const auto& [slot, held] : component.slots) {
    for (const Component& child : held) {
      CollectOutputs(child, catalog, outputs);
    }
  }
}

// Specs of parameters by path, of a component that is shown under `path`.
void CollectSpecs(const Component& component, const std::string& path,
                  const Catalog& catalog,
                  std::map<std::string, ParameterSpec>& specs) {
  const ComponentSpec* spec = catalog.Find(component.type);
  if (spec == nullptr) return;
  for (const ParameterSpec& parameter : spec->parameters) {
    specs.emplace(absl::StrCat(path, ".", parameter.name), parameter);
  }
  for (const auto& [slot, held] : component.slots) {
    for (const Component& child : held) {
      const std::string suffix = child.path.substr(component.path.size());
      CollectSpecs(child, absl::StrCat(path, suffix), catalog, specs);
    }
  }
}

bool Matches(const std::vector<std::string>& segments,
             const std::vector<std::string>& general) {
  return std::ranges::equal(
      segments, general, [](const std::string& name, const std::string& word) {
        const bool stands_for_any = std::ranges::all_of(word, [](char c) {
          return absl::ascii_isupper(static_cast<unsigned char>(c));
        });
        return stands_for_any ? !name.empty() : name == word;
      });
}

ParameterSpec SeedSpec() {
  return Integer("seed", 0, 0, static_cast<int64_t>(kLargestSeed), "");
}

// Digests are shown, and so compared, as the names that were written.
ParameterSpec Comparable(ParameterSpec spec) {
  if (spec.type == ParameterType::kDataset ||
      spec.type == ParameterType::kRecordItem) {
    spec.type = ParameterType::kText;
  }
  return spec;
}

ParameterSpec EntrySpec(ParameterSpec spec) {
  spec.type = ParameterType::kReal;
  if (spec.unit.empty()) spec.unit = "1";
  return spec;
}

std::map<std::string, ParameterSpec> SpecsOf(const SweepTarget& target,
                                             const Catalog& catalog) {
  std::map<std::string, ParameterSpec> specs;
  const Place& place = target.places.front();
  if (place.what == Place::What::kSeed) specs[target.path] = SeedSpec();
  if (place.what == Place::What::kParameter) {
    specs[target.path] = *place.parameter;
  }
  if (place.what == Place::What::kMapEntry) {
    specs[target.path] = EntrySpec(*place.parameter);
  }
  for (const Piece& piece : target.pieces) {
    const auto* held = std::get_if<std::vector<Component>>(&piece);
    if (held == nullptr || held->size() != 1) continue;
    CollectSpecs(held->front(), target.path, catalog, specs);
  }
  return specs;
}

}  // namespace

std::map<std::string, OutputSpec> OutputsOf(const Sweep& sweep,
                                            const Catalog& catalog) {
  std::map<std::string, OutputSpec> outputs;
  CollectOutputs(sweep.base, catalog, outputs);
  for (const SweepTarget& target : sweep.targets) {
    for (const Piece& piece : target.pieces) {
      const auto* held = std::get_if<std::vector<Component>>(&piece);
      if (held == nullptr) continue;
      for (const Component& component : *held) {
        CollectOutputs(component, catalog, outputs);
      }
    }
  }
  return outputs;
}

const OutputSpec* OutputNamed(
    const std::string& name, const std::map<std::string, OutputSpec>& outputs) {
  const auto found = outputs.find(name);
  if (found != outputs.end()) return &found->second;
  const std::vector<std::string> segments = absl::StrSplit(name, '.');
  for (const auto& [general, output] : outputs) {
    if (Matches(segments, absl::StrSplit(general, '.'))) return &output;
  }
  return nullptr;
}

std::map<std::string, Varying> VaryingOf(const Sweep& sweep,
                                         const Catalog& catalog) {
  std::map<std::string, Varying> varying;
  for (const SweepTarget& target : sweep.targets) {
    const std::map<std::string, ParameterSpec> specs = SpecsOf(target, catalog);
    for (const SweepTarget::Shown& shown : target.shown) {
      for (const auto& [path, value] : shown) {
        const auto [entry, is_new] = varying.try_emplace(path);
        if (is_new) {
          const auto spec = specs.find(path);
          entry->second.spec = spec != specs.end() ? Comparable(spec->second)
                                                   : Text(path, "", "");
        }
        entry->second.values.push_back(value);
      }
    }
  }
  return varying;
}

}  // namespace engram
