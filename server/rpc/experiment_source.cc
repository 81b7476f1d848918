#include "server/rpc/experiment_source.h"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "core/base/contract.h"
#include "core/spec/json_text.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

// An experiment without a seed gets one that people can still type.
uint64_t RandomSeed() {
  uint32_t seed = 0;
  ENGRAM_EXPECT(
      RAND_bytes(reinterpret_cast<unsigned char*>(&seed), sizeof seed) == 1);
  return seed;
}

std::vector<ExperimentText::Assignment> Assignments(
    const google::protobuf::RepeatedPtrField<v1::Assignment>& from) {
  std::vector<ExperimentText::Assignment> to;
  for (const v1::Assignment& one : from) {
    to.push_back({one.path(), one.expression()});
  }
  return to;
}

// What was said beside the text belongs to what the user sent; as comments it
// changes nothing for whoever submits the text again.
std::string WithRemarks(const std::string& text,
                        const v1::ExperimentSource& source) {
  std::string remarks;
  const auto add = [&](absl::string_view what, const std::string& said) {
    absl::StrAppend(&remarks, "# ", what, " ",
                    absl::StrReplaceAll(said, {{"\n", " "}, {"\r", " "}}),
                    "\n");
  };
  for (const auto& one : source.set()) {
    add("--set", absl::StrCat(one.path(), "=", one.expression()));
  }
  for (const auto& one : source.sweep()) {
    add("--sweep", absl::StrCat(one.path(), "=", one.expression()));
  }
  if (!source.seeds().empty()) add("--seeds", source.seeds());
  if (remarks.empty()) return text;
  return absl::StrCat(text, text.empty() || text.back() == '\n' ? "" : "\n",
                      remarks);
}

absl::StatusOr<ExperimentText> TextOf(const v1::ExperimentSource& source,
                                      const Science& science) {
  ExperimentText text;
  if (source.text().empty() == source.preset().empty()) {
    return BadField("source", source.text().empty()
                                  ? "give the text of an experiment or the "
                                    "name of a preset; neither is here"
                                  : "give a text or a preset, not both");
  }
  if (source.preset().empty()) {
    text.text = source.text();
    if (!source.file().empty()) text.file = source.file();
  } else {
    auto preset = FindPreset(science, source.preset());
    if (!preset.ok()) return preset.status();
    text.text = (*preset)->text;
    text.file = (*preset)->name + ".yaml";
  }
  text.set = Assignments(source.set());
  text.sweep = Assignments(source.sweep());
  text.seeds = source.seeds();
  return text;
}

// "point 1 (experiment.rule.type: hebbian): "; nothing where there is one.
std::string NameOf(const Point& point, int64_t run_count) {
  if (run_count == 1) return "";
  std::vector<std::string> varying;
  for (const auto& [path, value] : point.varying) {
    varying.push_back(absl::StrCat(path, ": ", DisplayText(value)));
  }
  return absl::StrCat("point ", point.number, " (",
                      absl::StrJoin(varying, ", "), "): ");
}

// Which arrays there are differs with the components of a point, so each of
// the snapshots is looked for at every point; it is faulted once.
void CheckSnapshots(const Experiment& experiment, const Science& science,
                    Faults& faults) {
  std::vector<RecordPolicy> left;  // of one snapshot each
  for (const auto& snapshot : experiment.record().snapshots) {
    left.emplace_back().snapshots.insert(snapshot);
  }
  const int64_t count = experiment.run_count();
  for (int64_t i = 0; i < count && !left.empty(); ++i) {
    const Point point = experiment.At(i);
    std::erase_if(left, [&](const RecordPolicy& one) {
      const absl::Status status = science.check_record(point.tree, one);
      if (status.ok()) return false;
      faults.push_back(
          {0, "record", absl::StrCat(NameOf(point, count), status.message())});
      return true;
    });
  }
}

}  // namespace

absl::StatusOr<const PresetFile*> FindPreset(const Science& science,
                                             absl::string_view name) {
  std::vector<std::string> known;
  for (const PresetFile& preset : science.presets) {
    if (preset.name == name) return &preset;
    known.push_back(preset.name);
  }
  return Unknown("preset", name, known);
}

absl::StatusOr<ParsedSource> ParseSource(const v1::ExperimentSource& source,
                                         const Parts& parts) {
  absl::StatusOr<ExperimentText> text = TextOf(source, parts.science);
  if (!text.ok()) return text.status();
  const StoreResolver resolver(parts.store);
  Faults faults;
  std::optional<Experiment> experiment = Experiment::Parse(
      *text, parts.science.catalog, resolver, RandomSeed(), faults);
  if (experiment.has_value()) {
    CheckSnapshots(*experiment, parts.science, faults);
  }
  if (!faults.empty()) return BadText(faults, text->file);
  ENGRAM_EXPECT(experiment.has_value());
  return ParsedSource{.experiment = *std::move(experiment),
                      .text = WithRemarks(text->text, source),
                      .preset = source.preset(),
                      .datasets = resolver.datasets(),
                      .inputs = resolver.inputs()};
}

}  // namespace engram
