#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/fault.h"
#include "core/spec/value.h"

namespace engram {

// What a component is; a slot takes components of one kind.
enum class Kind {
  kProgram,
  kNetwork,
  kRule,
  kEligibility,
  kHomeostasis,
  kBounds,
  kSignLaw,
  kTask,
  kGainMatching,
  kFeedback,
  kProtocol,
  kAnalysis,
  kSystem,
  kPopulation,
  kGroup,
  kProjection,
  kConnectivity,
  kDistribution,
  kShortTerm,
  kStimulus,
  kModulator,
  kRecording,
  kTrainedNetwork,
  kSupervisedTask,
  kLearner,
  kOptimizer,
  kSchedule,
  kCurriculum,
  kLoss,
  kInitial,
  kConstraint,
  kTrainedAnalysis
};

enum class ParameterType {
  kReal,
  kInteger,
  kBoolean,
  kText,
  kChoice,
  kReference,   // `name` of a component of `reference_kind`, found outwards
  kDataset,     // an uploaded array or file, resolved to its digest
  kRecordItem,  // an item of another run, resolved to its digest
  kSelection,   // all, excitatory[0:100], {of: all, random: 50}
  kMap,         // name to number with unit
};

struct ParameterSpec {
  std::string name = {};
  ParameterType type = ParameterType::kReal;
  std::string unit = {};  // "1" if it has none
  std::optional<Value> default_value =
      {};  // without one the parameter is required
  std::optional<double> minimum = {}, maximum = {};  // both ends are allowed
  bool exclusive_minimum = false;
  std::vector<std::string> choices = {};
  std::optional<Kind> reference_kind = {};
  int list_rank = 0;         // 1: a list, 2: a list of lists (points, a matrix)
  bool is_optional = false;  // may be absent and then has no value at all
  // Its unit is that of the slot which holds the component, where that has one.
  bool has_unit_of_slot = false;
  std::string meaning = {};
};

struct SlotSpec {
  std::string name = {};
  Kind kind = Kind::kProgram;
  bool many = false;
  bool optional = false;
  std::string default_type = {};  // filled in when absent; empty for none
  std::string meaning = {};
  std::string unit = {};  // of the numbers that its component gives
};

// What a component leaves in the record.
enum class OutputKind { kSummary, kSeries, kArray, kSpikes };
struct OutputSpec {
  std::string name = {};
  OutputKind kind = OutputKind::kSummary;
  std::string unit = {};
  std::string x = {};  // of a series: what its points are over ("trial", "ms")
  std::string meaning = {};
};

// A type's row of the catalog: it alone drives validation, defaults, the
// reference, forms and completion. How a component is made is known to its
// kind's folder, which keeps a factory beside each row.
struct ComponentSpec {
  Kind kind = Kind::kProgram;
  std::string type = {};
  std::string summary = {};
  std::string equation = {};   // plain text, one line an equation; may be empty
  std::string reference = {};  // DOI or citation
  std::vector<ParameterSpec> parameters = {};
  std::vector<SlotSpec> slots = {};
  std::vector<OutputSpec> outputs = {};
  // A number in place of a component of this kind means this type with this
  // parameter; one type of a kind at most has it.
  std::string bare_parameter = {};
  // What spans components: run on the whole validated tree (`root`), for each
  // component of this type. Adds to `faults` with paths, without lines.
  std::function<void(const Component& self, const Component& root,
                     Faults& faults)>
      check = {};
};

// The same, with the unit of the slot that its component is in.
ParameterSpec WithUnitOfSlot(ParameterSpec spec);

// Null for a name that the type does not have.
const ParameterSpec* FindParameter(const ComponentSpec& spec,
                                   const std::string& name);
const SlotSpec* FindSlot(const ComponentSpec& spec, const std::string& name);

// Rows read as tables with these.
ParameterSpec Real(std::string name, std::string unit, double default_value,
                   double minimum, double maximum, std::string meaning);
ParameterSpec Integer(std::string name, int64_t default_value, int64_t minimum,
                      int64_t maximum, std::string meaning);
ParameterSpec Boolean(std::string name, bool default_value,
                      std::string meaning);
ParameterSpec Choice(std::string name, std::string default_value,
                     std::vector<std::string> choices, std::string meaning);
ParameterSpec Text(std::string name, std::string default_value,
                   std::string meaning);

}  // namespace engram
