#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/flow.h"
#include "core/analyses/record_table.h"
#include "core/analyses/similarity/dynamical.h"
#include "core/analyses/similarity/measures.h"
#include "core/analyses/similarity/representation.h"
#include "core/analyses/similarity/weight_alignment.h"
#include "core/analyses/systems/system.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// A network as it is compared.
struct Stored {
  const Array<double>* weights;
  const Array<double>* patterns;  // null when not known
  Array<double> rates;            // after a cue (n_steps, n)
  std::optional<Array<double>> system;
};

// Units by the pattern that they belong to most, in their order; patterns of
// two networks pair their units so.
std::vector<int64_t> UnitsByPattern(const Array<double>& patterns) {
  std::vector<int64_t> units;
  const auto strongest = [&](int64_t i) {
    int64_t best = patterns.cols();
    double most = 0;
    for (int64_t k = 0; k < patterns.cols(); ++k) {
      if (patterns(i, k) > most) most = patterns(i, k), best = k;
    }
    return best;
  };
  for (int64_t k = 0; k <= patterns.cols(); ++k) {
    for (int64_t i = 0; i < patterns.rows(); ++i) {
      if (strongest(i) == k) units.push_back(i);
    }
  }
  return units;
}

std::vector<int64_t> MatchByPattern(const Array<double>& a,
                                    const Array<double>& b) {
  const std::vector<int64_t> from = UnitsByPattern(a), to = UnitsByPattern(b);
  std::vector<int64_t> match(from.size());
  for (size_t i = 0; i < from.size(); ++i) {
    match[static_cast<size_t>(from[i])] = to[i];
  }
  return match;
}

// W seen by patterns: P' W P.
Array<double> Blocks(const Stored& s) {
  Array<double> b(s.patterns->cols(), s.patterns->cols());
  b.map() =
      s.patterns->map().transpose() * s.weights->map() * s.patterns->map();
  return b;
}

Similarity Compare(const Stored& a, const Stored& b) {
  Similarity s;
  s.raw = WeightCorrelation(*a.weights, *b.weights,
                            MatchByNumber(a.weights->rows()));
  if (a.patterns != nullptr && b.patterns != nullptr) {
    s.by_item = WeightCorrelation(*a.weights, *b.weights,
                                  MatchByPattern(*a.patterns, *b.patterns));
    s.blocks = statistics::Correlation(Blocks(a).span(), Blocks(b).span());
  }
  s.by_recall = WeightCorrelation(*a.weights, *b.weights,
                                  MatchByActivity(a.rates, b.rates));
  s.cka = LinearCka(a.rates, b.rates);
  s.procrustes = ProcrustesDistance(a.rates, b.rates);
  if (a.system && b.system) {
    s.dynamical = DynamicalDistance(*a.system, *b.system);
    s.eigenvalue = EigenvalueDistance(*a.system, *b.system);
  }
  return s;
}

// A stored network beside others, one part each.
class StoredSimilarity final : public SystemAnalysis {
 public:
  explicit StoredSimilarity(const Component& component)
      : component_(component),
        values_(static_cast<int64_t>(kSimilarityMeasures.size()), parts()),
        known_(values_.rows(), parts()) {}

  int64_t parts() const override {
    return static_cast<int64_t>(component_.Texts("others").size());
  }

  absl::Status Read(const SystemSubject& subject,
                    const Inputs& inputs) override {
    const int64_t n = subject.weights->rows();
    auto weights = ReadInputs(component_, "others",
                              {"network.weights", "others_path"}, n, n, inputs);
    if (!weights.ok()) return weights.status();
    weights_ = *std::move(weights);
    if (subject.patterns == nullptr) return absl::OkStatus();
    auto patterns = ReadInputs(component_, "other_patterns", {"task.patterns"},
                               n, subject.patterns->cols(), inputs);
    if (!patterns.ok()) return patterns.status();
    patterns_ = *std::move(patterns);
    return absl::OkStatus();
  }

  void RunPart(const SystemSubject& subject, int64_t part) override {
    const size_t k = static_cast<size_t>(part);
    const std::unique_ptr<Dynamics> other = subject.with_weights(weights_[k]);
    const Similarity s =
        Compare(Recalled(*subject.dynamics, *subject.weights, subject.patterns),
                Recalled(*other, weights_[k],
                         k < patterns_.size() ? &patterns_[k] : nullptr));
    for (size_t m = 0; m < kSimilarityMeasures.size(); ++m) {
      const std::optional<double> value = s.*kSimilarityMeasures[m].value;
      values_(static_cast<int64_t>(m), part) = value.value_or(0);
      known_(static_cast<int64_t>(m), part) = value.has_value();
    }
  }

  void Finish(const SystemSubject&, AnalysisOutput& out) override {
    for (size_t m = 0; m < kSimilarityMeasures.size(); ++m) {
      const int64_t row = static_cast<int64_t>(m);
      double sum = 0;
      int64_t known = 0;
      for (int64_t k = 0; k < parts(); ++k) {
        sum += values_(row, k);
        known += known_(row, k);
      }
      out.Summary(
          kSimilarityMeasures[m].name, "1",
          known == parts()
              ? Measured::Of(sum / static_cast<double>(known))
              : Measured::Absent("a pair has none: patterns are not given, or "
                                 "weights or rates vary too little"));
    }
    RecordTable("similarities", values_, "1", out);
    RecordTable("similarity_known", known_, "1", out);
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    v.State(path + ".values", StateOf(values_, "1"));
    v.State(path + ".known", StateOf(known_, "1"));
  }

 private:
  // Rates after the first pattern (or, without patterns, every second unit)
  // was active, free of input and noise.
  Stored Recalled(const Dynamics& dynamics, const Array<double>& weights,
                  const Array<double>* patterns) const {
    const int64_t n = dynamics.size();
    const int64_t steps = component_.Integer("steps");
    Stored s{&weights, patterns, Array<double>(steps, n), {}};
    DynamicsPoint p(n);
    for (int64_t i = 0; i < n; ++i) {
      const double cue =
          patterns == nullptr ? static_cast<double>(i % 2) : (*patterns)(i, 0);
      p.x[i] = component_.Real("cue") * cue;
    }
    Flow flow(dynamics);
    for (int64_t step = 0; step < steps; ++step) {
      flow.Advance(p, component_.Real("step"), component_.Real("step"));
      for (int64_t i = 0; i < n; ++i) s.rates(step, i) = p.activity[i];
    }
    s.system = FitLinearSystem(
        s.rates, {.delays = component_.Integer("delays"),
                  .interval = component_.Integer("delay_interval"),
                  .rank = component_.Integer("rank")});
    return s;
  }

  Component component_;
  std::vector<Array<double>> weights_, patterns_;
  Array<double> values_;  // (n_measures, n_others)
  Array<int64_t> known_;
};

ParameterSpec Items(const char* name, bool has_default, const char* meaning) {
  ParameterSpec spec;
  spec.name = name;
  spec.type = ParameterType::kRecordItem;
  spec.list_rank = 1;
  if (has_default) spec.default_value = Value(Value::List{});
  spec.meaning = meaning;
  return spec;
}

void Check(const Component& self, const Component&, Faults& faults) {
  const size_t others = self.Texts("others").size();
  const size_t patterns = self.Texts("other_patterns").size();
  if (others == 0) {
    faults.push_back({0, self.path + ".others",
                      "there is nothing to compare with; name weights of other "
                      "runs"});
  }
  if (patterns != 0 && patterns != others) {
    faults.push_back({0, self.path + ".other_patterns",
                      absl::StrCat(patterns, " are given for ", others,
                                   " others; give one for each, or none")});
  }
}

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Items("others", false,
            "weights of other runs (n, n), such as "
            "k7m2q9xw4p/18/snapshots/network.weights@final"),
      PathInState("others_path",
                  "of others that are whole states, "
                  "k7m2q9xw4p/18/state@final: the array that is taken, "
                  "network.weights unless given"),
      Items("other_patterns", true,
            "what was stored in each, if the system has patterns"),
      Real("cue", "1", 2, -1000, 1000,
           "size of the first pattern at the start"),
      Real("step", "1", 0.05, 1e-4, 1, "between rates [time constants]"),
      Integer("steps", 1000, 10, 100000, "rates that are compared")};
  for (ParameterSpec& spec : EmbeddingParameters()) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

std::vector<OutputSpec> Outputs() {
  std::vector<OutputSpec> outputs;
  for (const SimilarityMeasure& measure : kSimilarityMeasures) {
    outputs.push_back(
        {measure.name, OutputKind::kSummary, "1", "", measure.meaning});
  }
  outputs.push_back({"similarities", OutputKind::kArray, "1", "",
                     "these measures (n_measures, n_others)"});
  outputs.push_back({"similarity_known", OutputKind::kArray, "1", "",
                     "1 where there is one"});
  return outputs;
}

}  // namespace

AnalysisRow SimilarityRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "similarity",
      .summary =
          "how alike a stored network is to others: weights, activity after "
          "a cue, and its dynamics; values are means over the others",
      .equation = "as solution_comparison has them; B = P' W P",
      .reference = "doi:10.48550/arXiv.2306.10168",
      .parameters = Parameters(),
      .slots = {},
      .outputs = Outputs(),
      .check = Check};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component& c, uint64_t,
                            int64_t) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<StoredSimilarity>(c);
          },
          .reads = {.dynamics = true, .weights = true, .other_weights = true},
          .state = {"values", "known"}};
}

}  // namespace engram
