#include "core/spec/experiment.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "core/spec/json_text.h"
#include "core/spec/nearest_name.h"
#include "core/spec/overrides.h"
#include "core/spec/read_claims.h"
#include "core/spec/read_policy.h"
#include "core/spec/read_seed.h"
#include "core/spec/read_sweep.h"
#include "core/spec/read_value.h"
#include "core/spec/sweep_names.h"

namespace engram {

struct Experiment::Data {
  std::string name;
  std::string notes;
  std::vector<std::string> tags;
  int priority = 0;
  std::optional<std::string> after;
  RecordPolicy record;
  ResourceRequest resources;
  std::vector<Claim> claims;
  Sweep sweep;
};

namespace {

constexpr size_t kLongestName = 200;
constexpr size_t kLongestTag = 64;
constexpr size_t kMostTags = 32;
constexpr int kHighestPriority = 100;

class DocumentReader {
 public:
  DocumentReader(const YamlNode& document, uint64_t fallback_seed,
                 ReadContext& context)
      : document_(document), fallback_seed_(fallback_seed), context_(context) {}

  void RefuseUnknownKeys() {
    for (const YamlKey& key : document_.keys) {
      const auto& known = DocumentKeys();
      if (std::ranges::find(known, key.name) != known.end()) continue;
      context_.Report(key.line, key.name,
                      absl::StrCat("an experiment's text has no key ", key.name,
                                   SuggestName(key.name, known)));
    }
  }

  ReadSweepResult ReadPoints() {
    const uint64_t seed = ReadSeedOf("seed", fallback_seed_ & kLargestSeed);
    const uint64_t sweep_seed = ReadSeedOf("sweep_seed", 0);
    const YamlNode* experiment = document_.Find("experiment");
    if (experiment == nullptr) {
      context_.Report(document_.line, "experiment",
                      "the text has no experiment: the program with its parts");
      return {};
    }
    return ReadSweep(*experiment, document_.Find("sweep"), seed, sweep_seed,
                     context_);
  }

  std::string ReadText(const std::string& key, size_t longest) {
    const YamlNode* node = Present(key);
    if (node == nullptr) return "";
    if (!node->IsScalar() || node->text.size() > longest) {
      context_.Report(
          node->line, key,
          absl::StrCat(key, " takes text of at most ", longest, " bytes"));
      return "";
    }
    return node->text;
  }

  std::vector<std::string> ReadTags() {
    std::vector<std::string> tags;
    const YamlNode* node = Present("tags");
    if (node == nullptr) return tags;
    if (!node->IsList() || node->items.size() > kMostTags) {
      context_.Report(
          node->line, "tags",
          absl::StrCat("tags is a list of at most ", kMostTags, " tags"));
      return tags;
    }
    for (const YamlNode& item : node->items) {
      if (IsTag(item)) {
        tags.push_back(item.text);
      } else {
        context_.Report(item.line, "tags",
                        absl::StrCat("a tag is text of at most ", kLongestTag,
                                     " bytes without spaces and commas"));
      }
    }
    return tags;
  }

  int ReadPriority() {
    const YamlNode* node = Present("priority");
    if (node == nullptr) return 0;
    const ParameterSpec spec =
        Integer("priority", 0, -kHighestPriority, kHighestPriority, "");
    const std::optional<Value> value =
        ReadValue(*node, spec, "priority", context_);
    return value ? static_cast<int>(std::get<int64_t>(value->data)) : 0;
  }

  std::optional<std::string> ReadAfter() {
    const YamlNode* node = Present("after");
    if (node == nullptr) return std::nullopt;
    constexpr size_t kShortestId = 4;
    const bool is_id =
        node->IsScalar() && node->text.size() >= kShortestId &&
        node->text.size() <= kLongestTag &&
        std::ranges::all_of(node->text, [](char c) {
          return absl::ascii_islower(c) || absl::ascii_isdigit(c);
        });
    if (is_id) return node->text;
    context_.Report(node->line, "after",
                    "after takes the id of an experiment, such as k7m2q9xw4p");
    return std::nullopt;
  }

  RecordPolicy ReadRecord(const ReadSweepResult& points) {
    const YamlNode* node = Present("record");
    if (node == nullptr) return {};
    std::set<std::string> x_names;
    if (points.has_types) {
      for (const auto& [name, output] :
           OutputsOf(points.sweep, context_.catalog)) {
        if (!output.x.empty()) x_names.insert(output.x);
      }
    }
    return ReadRecordPolicy(*node, {x_names.begin(), x_names.end()}, context_);
  }

  ResourceRequest ReadRequest() {
    const YamlNode* node = Present("resources");
    return node == nullptr ? ResourceRequest{} : ReadResources(*node, context_);
  }

  std::vector<Claim> ReadAllClaims(const ReadSweepResult& points,
                                   const RecordPolicy& record) {
    const YamlNode* node = Present("claims");
    return node == nullptr ? std::vector<Claim>{}
                           : ReadClaims(*node, points, record, context_);
  }

 private:
  // A key without a value is a key that is not there.
  const YamlNode* Present(const std::string& key) const {
    const YamlNode* node = document_.Find(key);
    return node == nullptr || node->IsNull() ? nullptr : node;
  }

  uint64_t ReadSeedOf(const std::string& key, uint64_t fallback) {
    const YamlNode* node = Present(key);
    if (node == nullptr) return fallback;
    if (key == "seed" &&
        (node->IsList() || node->text.find("..") != std::string::npos)) {
      context_.Report(node->line, key,
                      "seed is one number; several are an axis, sweep: {seed: "
                      "1..10}");
      return fallback;
    }
    return ReadSeed(*node, key, context_).value_or(fallback);
  }

  static bool IsTag(const YamlNode& item) {
    return item.IsScalar() && !item.text.empty() &&
           item.text.size() <= kLongestTag &&
           item.text.find_first_of(" ,\t\n\r") == std::string::npos;
  }

  const YamlNode& document_;
  uint64_t fallback_seed_;
  ReadContext& context_;
};

// A name of a MB is told as well by its beginning. Cut between characters.
void Shorten(std::string& text) {
  constexpr size_t kLongest = 2000;
  if (text.size() <= kLongest) return;
  size_t end = kLongest;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  const size_t left_out = text.size() - end;
  text.resize(end);
  absl::StrAppend(&text, "... (and ", left_out, " bytes)");
}

// Sorted by line, each said once, no endless list.
void Arrange(const ExperimentText& text, Faults& faults) {
  constexpr size_t kMostFaults = 1000;
  std::set<std::tuple<int, std::string, std::string>> seen;
  std::erase_if(faults, [&](const Fault& fault) {
    return !seen.emplace(fault.line, fault.path, fault.message).second;
  });
  NameOverrides(text, faults);
  for (Fault& fault : faults) {
    Shorten(fault.path);
    Shorten(fault.message);
  }
  std::ranges::stable_sort(faults, {}, &Fault::line);
  if (faults.size() <= kMostFaults) return;
  const size_t more = faults.size() - kMostFaults;
  faults.resize(kMostFaults);
  faults.push_back({0, "", absl::StrCat("and ", more, " more faults")});
}

}  // namespace

std::optional<Experiment> Experiment::Parse(const ExperimentText& text,
                                            const Catalog& catalog,
                                            const Resolver& resolver,
                                            uint64_t fallback_seed,
                                            Faults& faults) {
  Faults found;
  ReadContext context{catalog, resolver, found};
  YamlNode document = ParseYaml(text.text, found);
  auto data = std::make_shared<Data>();
  if (document.IsMap()) {
    ApplyOverrides(text, document, context);
    DocumentReader reader(document, fallback_seed, context);
    reader.RefuseUnknownKeys();
    ReadSweepResult points = reader.ReadPoints();
    data->name = reader.ReadText("name", kLongestName);
    data->notes = reader.ReadText("notes", text.text.size());
    data->tags = reader.ReadTags();
    data->priority = reader.ReadPriority();
    data->after = reader.ReadAfter();
    data->record = reader.ReadRecord(points);
    data->resources = reader.ReadRequest();
    data->claims = reader.ReadAllClaims(points, data->record);
    data->sweep = std::move(points.sweep);
  } else if (found.empty()) {
    context.Report(document.line, "",
                   absl::StrCat("wanted a map with the key experiment, got ",
                                std::string(document.TypeName())));
  }
  if (found.empty()) {
    Experiment experiment;
    experiment.data_ = std::move(data);
    return experiment;
  }
  Arrange(text, found);
  faults.insert(faults.end(), found.begin(), found.end());
  return std::nullopt;
}

const std::string& Experiment::name() const { return data_->name; }
const std::string& Experiment::notes() const { return data_->notes; }
const std::vector<std::string>& Experiment::tags() const { return data_->tags; }
int Experiment::priority() const { return data_->priority; }
const std::optional<std::string>& Experiment::after() const {
  return data_->after;
}
const RecordPolicy& Experiment::record() const { return data_->record; }
const ResourceRequest& Experiment::resources() const {
  return data_->resources;
}
const std::vector<Claim>& Experiment::claims() const { return data_->claims; }
std::vector<std::string> Experiment::axes() const {
  return data_->sweep.axes();
}
std::vector<int64_t> Experiment::axis_sizes() const {
  return data_->sweep.axis_sizes();
}
int64_t Experiment::run_count() const { return data_->sweep.run_count(); }
Point Experiment::At(int64_t number) const { return data_->sweep.At(number); }

std::string Experiment::CanonicalJson() const {
  const Sweep& sweep = data_->sweep;
  std::string json = "{\"claims\":";
  AppendJson(data_->claims, json);
  json += ",\"experiment\":";
  AppendJson(sweep.base, json);
  absl::StrAppend(&json, ",\"seed\":", sweep.seed, ",\"sweep\":");
  sweep.AppendJson(json);
  return json + "}";
}

std::string Experiment::Hash() const {
  return absl::StrCat("e1:", Sha256Hex(CanonicalJson()));
}

}  // namespace engram
