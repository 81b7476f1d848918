#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/analyses/training/catalog.h"
#include "core/programs/catalog.h"
#include "core/programs/supervised_training.h"
#include "core/spec/find_row.h"
#include "core/spec/nearest_name.h"
#include "core/training/catalog.h"
#include "core/training/initial.h"
#include "core/training/stored_parameters.h"

namespace engram {
namespace {

std::vector<std::string> ArraysOfSupervisedTraining(const Component& root) {
  std::vector<std::string> arrays = ArraysOfTrainer(
      root, ShapeOfTask(root.Slot("task")), ReachOfTraining(root).heads);
  arrays.insert(arrays.end(), {"training.progress", "training.measures",
                               "training.right", "training.asked"});
  if (root.Find("curriculum") != nullptr) {
    arrays.emplace_back("curriculum.stage");
  }
  for (std::string& path : ArraysOfTrainedAnalyses(root)) {
    arrays.push_back(std::move(path));
  }
  return arrays;
}

void CheckCurriculum(const Component& self, Faults& faults) {
  const Component& task = self.Slot("task");
  const Component* curriculum = self.Find("curriculum");
  const int64_t offered = ShapeOfTask(task).largest_n;
  if (curriculum == nullptr) {
    if (offered == 0) return;
    faults.push_back({0, self.path + ".curriculum",
                      absl::StrCat(task.type,
                                   " asks about n bits, and nothing says which "
                                   "n; add curriculum: {type: multi_head} or "
                                   "another")});
    return;
  }
  if (offered == 0) {
    faults.push_back({0, curriculum->path,
                      absl::StrCat(task.type,
                                   " has one readout and no n to go through; "
                                   "leave the curriculum out")});
    return;
  }
  const CurriculumReach reach = ReachOf(*curriculum, offered);
  if (reach.largest_n <= offered) return;
  faults.push_back(
      {0, curriculum->path,
       absl::StrCat(curriculum->type, " goes up to n = ", reach.largest_n,
                    " with ", reach.heads, " readouts, beyond ", task.path,
                    ".largest_n = ", offered,
                    "; take fewer, or raise largest_n")});
}

// A table is made at once, before the first update.
void CheckTable(const Component& self, Faults& faults) {
  constexpr double kMostNumbers = 2e11, kMostBytes = 64.0 * (1 << 30);
  const Component& task = self.Slot("task");
  const TaskTable table = TableOfTask(task);
  if (table.numbers <= kMostNumbers && table.bytes <= kMostBytes) return;
  faults.push_back(
      {0, task.path,
       absl::StrCat(task.type, " keeps its trials: to make them takes about ",
                    std::ceil(table.numbers * 2e-9 / 60), " minutes and ",
                    std::ceil(table.bytes / (1 << 30)),
                    " GiB, and 7 minutes and 64 GiB are the most; make trials "
                    "fewer, or smaller")});
}

void CheckLoss(const Component& self, Faults& faults) {
  const bool has_classes = ShapeOfTask(self.Slot("task")).has_classes;
  for (const Component& term : self.Slots("loss")) {
    const LossRow::Reads reads = RowOf(LossRows(), term.type).reads;
    const bool fits = reads == LossRow::Reads::kActivity ||
                      (reads == LossRow::Reads::kLabels) == has_classes;
    if (fits) continue;
    faults.push_back(
        {0, term.path,
         absl::StrCat(term.type, " does not fit ", self.Slot("task").type,
                      ", whose answers are ",
                      has_classes ? "classes; take cross_entropy"
                                  : "numbers; take mean_squared_error")});
  }
}

void CheckNames(const Component& self, const char* slot,
                const ParameterLayout& layout, Faults& faults) {
  for (const Component& part : self.Slots(slot)) {
    if (!part.parameters.contains("of")) continue;
    const std::string& name = part.Text("of");
    const ParameterMatrix* matrix = layout.Find(name);
    if (matrix == nullptr) {
      faults.push_back({0, part.path + ".of",
                        absl::StrCat("the network has no parameter ", name,
                                     SuggestName(name, layout.names()))});
      continue;
    }
    if (slot != std::string("constraints")) continue;
    const std::string refusal =
        RowOf(ConstraintRows(), part.type).refusal(part, *matrix);
    if (!refusal.empty()) faults.push_back({0, part.path + ".of", refusal});
  }
}

// Layers and readouts are of one kind, and each has its slot.
void CheckPlace(const Component& part, bool wants_readout, Faults& faults) {
  if (IsReadout(part) == wants_readout) return;
  faults.push_back({0, part.path,
                    wants_readout
                        ? absl::StrCat(part.type,
                                       " is a network, not a readout; take "
                                       "linear_readout, leaky_readout, "
                                       "spike_count_readout or "
                                       "spike_train_readout")
                        : absl::StrCat(part.type,
                                       " is a readout; move it to the slot "
                                       "readout and name a network here")});
}

void CheckNetwork(const Component& network, Faults& faults) {
  CheckPlace(network, false, faults);
  if (network.type != "layer_stack") return;
  for (const Component& layer : network.Slots("layers")) {
    CheckNetwork(layer, faults);
  }
}

void CheckUpperLayers(const Component& network, bool is_first, Faults& faults) {
  if (network.type == "layer_stack") {
    for (const Component& layer : network.Slots("layers")) {
      CheckUpperLayers(layer, is_first, faults);
      is_first = false;
    }
    return;
  }
  if (is_first ||
      RowOf(LayerRows(), network.type).takes != LayerInputs::kSymbols) {
    return;
  }
  faults.push_back({0, network.path,
                    absl::StrCat(network.type,
                                 " takes words and stands above another "
                                 "layer; make it the first, or take "
                                 "feed_forward here")});
}

const Component& FirstLayer(const Component& network) {
  return network.type == "layer_stack"
             ? FirstLayer(network.Slots("layers").front())
             : network;
}

// What the task gives is what the first layer takes, and no other layer looks
// for symbols.
void CheckInputs(const Component& self, Faults& faults) {
  const Component& network = self.Slot("network");
  const Component& first = FirstLayer(network);
  const Component& task = self.Slot("task");
  const bool has_symbols = ShapeOfTask(task).symbols > 0;
  const LayerInputs takes = RowOf(LayerRows(), first.type).takes;
  if (has_symbols && takes == LayerInputs::kNumbers) {
    faults.push_back(
        {0, first.path,
         absl::StrCat(
             first.type, " takes numbers, and ", task.type,
             " gives words; put an embedding below it: network: "
             "{type: layer_stack, layers: [{type: embedding}, ...]}")});
  } else if (!has_symbols && takes == LayerInputs::kSymbols) {
    faults.push_back({0, first.path,
                      absl::StrCat(first.type, " takes words, and ", task.type,
                                   " gives numbers; leave it out")});
  }
  CheckUpperLayers(network, true, faults);
}

int64_t LastUnits(const Component& network) {
  return network.type == "layer_stack"
             ? LastUnits(network.Slots("layers").back())
             : network.Integer("units");
}

void CheckReadout(const Component& self, Faults& faults) {
  const Component& readout = self.Slot("readout");
  const std::string refusal = RowOf(ReadoutRows(), readout.type)
                                  .refusal(ShapeOfTrainedNetwork(self),
                                           LastUnits(self.Slot("network")));
  if (!refusal.empty()) faults.push_back({0, readout.path, refusal});
}

void CheckSupervisedTraining(const Component& self, const Component&,
                             Faults& faults) {
  const size_t before = faults.size();
  CheckNetwork(self.Slot("network"), faults);
  CheckPlace(self.Slot("readout"), true, faults);
  CheckCurriculum(self, faults);
  CheckTable(self, faults);
  CheckLoss(self, faults);
  if (faults.size() == before) CheckInputs(self, faults);
  if (faults.size() == before) CheckReadout(self, faults);
  if (faults.size() != before) return;
  const ParameterLayout layout = LayoutOf(
      self.Slot("network"), ShapeOfTrainedNetwork(self), &self.Slot("readout"));
  CheckInitial(self, layout, faults);
  for (const char* slot : {"constraints", "analyses"}) {
    CheckNames(self, slot, layout, faults);
  }
  CheckTrainedAnalyses(self, faults);
  const Component& learner = self.Slot("learner");
  const std::string refusal =
      RowOf(LearnerRows(), learner.type)
          .refusal(learner, {self, ShapeOfTrainedNetwork(self)});
  if (!refusal.empty()) faults.push_back({0, learner.path, refusal});
}

// Of a tree whose parts fit each other.
void CheckInputsOfTraining(const Component& root, const Resolver& resolver,
                           Faults& faults) {
  Faults unfit;
  CheckSupervisedTraining(root, root, unfit);
  if (!unfit.empty()) return;
  CheckStored(LayoutOf(root.Slot("network"), ShapeOfTrainedNetwork(root),
                       &root.Slot("readout")),
              root, resolver, faults);
}

SlotSpec Slot(std::string name, Kind kind, std::string meaning,
              std::string default_type = "") {
  return {.name = std::move(name),
          .kind = kind,
          .default_type = std::move(default_type),
          .meaning = std::move(meaning)};
}

SlotSpec Several(std::string name, Kind kind, std::string meaning) {
  return {.name = std::move(name),
          .kind = kind,
          .many = true,
          .optional = true,
          .meaning = std::move(meaning)};
}

std::vector<SlotSpec> Slots() {
  SlotSpec curriculum =
      Slot("curriculum", Kind::kCurriculum, "what is asked of the task, when");
  curriculum.optional = true;
  return {Slot("network", Kind::kTrainedNetwork, "what is trained"),
          Slot("readout", Kind::kTrainedNetwork,
               "of the last layer, for what the task asks", "linear_readout"),
          Slot("task", Kind::kSupervisedTask, "inputs and wanted answers"),
          Slot("learner", Kind::kLearner, "gives the direction", "bptt"),
          Slot("optimizer", Kind::kOptimizer, "goes it", "adam"),
          curriculum,
          Several("loss", Kind::kLoss,
                  "terms, added; that of the task's answers where none of "
                  "them is written"),
          Several("initial", Kind::kInitial,
                  "parameters that begin otherwise than drawn in the "
                  "network's own way"),
          Several("constraints", Kind::kConstraint,
                  "hold after every update, in their order"),
          Several("analyses", Kind::kTrainedAnalysis,
                  "what is measured of the trained network")};
}

std::vector<ParameterSpec> Parameters() {
  return {Choice("precision", "single", {"single", "double"},
                 "of activity and parameters"),
          Integer("batch", 64, 1, 65536, "samples of an update"),
          Integer("epochs", 10, 1, 1000000, "at most"),
          Integer("updates", 300, 1, 10000000, "of an epoch"),
          Integer("test_batches", 20, 1, 100000,
                  "of other trials, after the updates of an epoch; each of a "
                  "finite number of trials is asked once"),
          Real("gradient_clip", "1", 0, 0, 1e9,
               "a gradient longer than this is shortened to it; 0: never"),
          Integer("patience", 0, 0, 1000000,
                  "epochs without a smaller test loss that end the run, of the "
                  "curriculum's present stage; 0: never"),
          Integer("alignment_every", 0, 0, 10000000,
                  "updates between two measurements of how the learner's "
                  "direction lies to the exact gradient of the same batch, "
                  "which is taken beside and costs a bptt; of spiking units "
                  "the surrogate gradient counts as exact; 0: never")};
}

std::vector<OutputSpec> Outputs() {
  const auto series = [](const char* name, const char* x, const char* meaning) {
    return OutputSpec{name, OutputKind::kSeries, "1", x, meaning};
  };
  const auto summary = [](const char* name, const char* meaning) {
    return OutputSpec{name, OutputKind::kSummary, "1", "", meaning};
  };
  return {
      series("training_loss", "update", "of the update's own batch"),
      series("gradient_norm", "update", "before it is shortened"),
      OutputSpec{"alignment.angle", OutputKind::kSeries, "deg", "update",
                 "between the learner's direction and the exact gradient, and "
                 "so of each matrix, alignment.angle.bias"},
      series("alignment.norm_ratio", "update",
             "length of the learner's direction over the exact gradient's, "
             "and so of each matrix"),
      series("test_loss", "epoch", "mean over the test batches"),
      series("test_accuracy", "epoch", "share of right answers, of classes"),
      series("stage_n", "epoch", "largest n of the epoch's stage"),
      summary("loss", "test loss of the last epoch"),
      summary("accuracy", "of the last epoch's test, mean over readouts"),
      summary("perplexity",
              "exp(loss) of one readout of classes, of plain cross-entropy"),
      summary("passed_n", "largest n of a stage that was passed"),
      summary("epochs", "until the end")};
}

}  // namespace

ProgramRow SupervisedTrainingRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "supervised_training",
      .summary = "a network learns a task by gradients, batch by batch",
      .parameters = Parameters(),
      .slots = Slots(),
      .outputs = Outputs(),
      .check = CheckSupervisedTraining};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            if (root.Text("precision") == "single") {
              return std::make_unique<SupervisedTraining<float>>(root, seed,
                                                                 context);
            }
            return std::make_unique<SupervisedTraining<double>>(root, seed,
                                                                context);
          },
          EstimateSupervisedTraining, ArraysOfSupervisedTraining,
          CheckInputsOfTraining};
}

}  // namespace engram
