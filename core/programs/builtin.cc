#include "core/programs/builtin.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/analyses/catalog.h"
#include "core/analyses/spiking/network_analysis.h"
#include "core/analyses/systems/catalog.h"
#include "core/analyses/training/catalog.h"
#include "core/base/numerics.h"
#include "core/curricula/curriculum.h"
#include "core/learners/learner.h"
#include "core/networks/catalog.h"
#include "core/optimizers/optimizer.h"
#include "core/programs/catalog.h"
#include "core/programs/sequence_parts.h"
#include "core/rules/catalog.h"
#include "core/spec/find_row.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/catalog.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/receptor_unit.h"
#include "core/spiking/recording.h"
#include "core/tasks/catalog.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/training/catalog.h"
#include "core/training/readout.h"

namespace engram {
namespace {

template <class Row>
void Append(const std::vector<Row>& rows, std::vector<ComponentSpec>& specs) {
  for (const Row& row : rows) specs.push_back(row.spec);
}

std::vector<ComponentSpec> AllSpecs() {
  std::vector<ComponentSpec> specs;
  Append(ProgramRows(), specs);
  Append(NetworkRows(), specs);
  for (ComponentSpec& spec : AssociativeNetworkSpecs())
    specs.push_back(std::move(spec));
  Append(RuleRows(), specs);
  Append(PartRows(), specs);
  Append(TaskRows(), specs);
  for (ComponentSpec& spec : SequencePartSpecs())
    specs.push_back(std::move(spec));
  Append(ProtocolRows(), specs);
  Append(AnalysisRows(), specs);
  Append(NetworkAnalysisRows(), specs);
  Append(SystemRows(), specs);
  Append(PopulationRows(), specs);
  for (ComponentSpec& spec : NetworkPartSpecs())
    specs.push_back(std::move(spec));
  for (ComponentSpec& spec : RecordingSpecs()) specs.push_back(std::move(spec));
  Append(ConnectivityRows(), specs);
  Append(DistributionRows(), specs);
  Append(StimulusRows(), specs);
  Append(ModulatorRows(), specs);
  Append(CircuitRows(), specs);
  Append(LayerRows(), specs);
  Append(ReadoutRows(), specs);
  for (ComponentSpec& spec : TrainingPartSpecs())
    specs.push_back(std::move(spec));
  Append(SupervisedTaskRows(), specs);
  Append(LearnerRows(), specs);
  Append(OptimizerRows(), specs);
  Append(ScheduleRows(), specs);
  Append(CurriculumRows(), specs);
  Append(LossRows(), specs);
  Append(ConstraintRows(), specs);
  Append(TrainedAnalysisRows(), specs);
  return specs;
}

// Of the component's row, where its kind has such checks.
void CheckInputsOf(const Component& self, const Resolver& resolver,
                   Faults& faults) {
  for (const ProgramRow& row : ProgramRows()) {
    if (row.spec.type != self.type || row.check_inputs == nullptr) continue;
    row.check_inputs(self, resolver, faults);
  }
  for (const SupervisedTaskRow& row : SupervisedTaskRows()) {
    if (row.spec.type != self.type || row.check_files == nullptr) continue;
    row.check_files(self, resolver, faults);
  }
  for (const SystemRow& row : SystemRows()) {
    if (row.spec.type != self.type || row.check_inputs == nullptr) continue;
    row.check_inputs(self, resolver, faults);
  }
}

}  // namespace

const Catalog& BuiltinCatalog() {
  static const Catalog catalog(AllSpecs(), ReceptorUnitOf, CheckInputsOf);
  return catalog;
}

absl::StatusOr<std::unique_ptr<Program>> MakeProgram(const Component& root,
                                                     uint64_t seed,
                                                     Context context) {
  const std::string fault = NumericEnvironmentFault();
  if (!fault.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("results would not be repeatable: ", fault,
                     "; call SetNumericEnvironment before any thread starts"));
  }
  return RowOf(ProgramRows(), root.type).make(root, seed, context);
}

Estimate EstimateProgram(const Component& root) {
  return RowOf(ProgramRows(), root.type).estimate(root);
}

std::vector<std::string> ArrayPaths(const Component& root) {
  return RowOf(ProgramRows(), root.type).arrays(root);
}

absl::Status CheckRecord(const Component& root, const RecordPolicy& policy) {
  const std::vector<std::string> known = ArrayPaths(root);
  for (const auto& [path, ticks] : policy.snapshots) {
    if (std::find(known.begin(), known.end(), path) != known.end()) continue;
    const std::string nearest = NearestName(path, known);
    return absl::InvalidArgumentError(absl::StrCat(
        "record.snapshots.", path, ": ", root.type,
        " with this tree has no array ", path,
        nearest.empty() ? "; it has "
                        : absl::StrCat("; did you mean ", nearest, "? It has "),
        absl::StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

}  // namespace engram
