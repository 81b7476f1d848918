#include "core/analyses/structure/motifs.h"

#include <cmath>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/record_table.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr int64_t kConnectionsRow = 0, kMutualRow = 1, kTriadRow = 2;

// Row of a type of triad.
int64_t RowOfTriad(absl::string_view name) {
  for (size_t type = 0; type < kTriadNames.size(); ++type) {
    if (kTriadNames[type] == name) {
      return kTriadRow + static_cast<int64_t>(type);
    }
  }
  ENGRAM_EXPECT(false && "unknown triad");
}

}  // namespace

Motifs::Motifs(const Component& component, uint64_t seed)
    : above_(component.Real("above")),
      exchanges_(seed, component.path, "exchanges"),
      counts_(kTriadRow + kTriadTypes,
              1 + component.Integer("randomisations")) {}

void Motifs::RunPart(const SystemSubject& subject, int64_t part) {
  const Connections own = StrongConnections(*subject.weights, above_);
  const ConnectionCounts counts =
      CountConnections(part == 0 ? own : DegreeMatched(own, exchanges_, part));
  counts_(kConnectionsRow, part) = static_cast<double>(counts.connections);
  counts_(kMutualRow, part) = static_cast<double>(counts.mutual_pairs);
  for (size_t type = 0; type < counts.triads.size(); ++type) {
    counts_(kTriadRow + static_cast<int64_t>(type), part) =
        static_cast<double>(counts.triads[type]);
  }
}

Motifs::Chance Motifs::ChanceOf(int64_t row) const {
  const double n = static_cast<double>(counts_.cols() - 1);
  double sum = 0, squares = 0;
  for (int64_t part = 1; part < counts_.cols(); ++part) {
    sum += counts_(row, part);
  }
  for (int64_t part = 1; part < counts_.cols(); ++part) {
    const double rest = counts_(row, part) - sum / n;
    squares += rest * rest;
  }
  return {sum / n, std::sqrt(squares / (n - 1))};
}

Measured Motifs::RatioOf(int64_t row) const {
  const double expected = ChanceOf(row).mean;
  return expected > 0 ? Measured::Of(counts_(row, 0) / expected)
                      : Measured::Absent("chance makes none");
}

void Motifs::Finish(const SystemSubject&, AnalysisOutput& out) {
  out.Summary("connections", "1", Measured::Of(counts_(kConnectionsRow, 0)));
  out.Summary("mutual_pairs", "1", Measured::Of(counts_(kMutualRow, 0)));
  out.Summary("mutual_ratio", "1", RatioOf(kMutualRow));
  out.Summary("chain_ratio", "1", RatioOf(RowOfTriad("021C")));
  out.Summary("feed_forward_ratio", "1", RatioOf(RowOfTriad("030T")));
  out.Summary("cycle_ratio", "1", RatioOf(RowOfTriad("030C")));
  out.Summary("clique_ratio", "1", RatioOf(RowOfTriad("300")));
  std::vector<double> count, expected, deviation;
  for (int64_t row = kTriadRow; row < counts_.rows(); ++row) {
    const Chance chance = ChanceOf(row);
    count.push_back(counts_(row, 0));
    expected.push_back(chance.mean);
    deviation.push_back(chance.deviation);
  }
  RecordList("triads", count, "1", out);
  RecordList("triads_by_chance", expected, "1", out);
  RecordList("triads_deviation", deviation, "1", out);
}

void Motifs::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".counts", StateOf(counts_, "1"));
}

AnalysisRow MotifsRow() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "motifs",
      .summary =
          "how often two and three units are connected in each way, "
          "against chance with the same numbers of connections a unit",
      .equation =
          "connected: W_ij > above max|W|; chance: exchanges of targets that "
          "keep in- and out-degrees",
      .reference = "doi:10.1126/science.1065103",
      .parameters = {Real("above", "1", 0.3, 0, 1,
                          "weights above this share of the largest magnitude "
                          "connect"),
                     Integer("randomisations", 20, 2, 10000,
                             "networks that stand for chance")},
      .slots = {},
      .outputs =
          {{"connections", summary, "1", "", "weights that connect"},
           {"mutual_pairs", summary, "1", "", "pairs connected both ways"},
           {"mutual_ratio", summary, "1", "", "their number over chance"},
           {"chain_ratio", summary, "1", "",
            "triads a -> b -> c without more (021C) over chance"},
           {"feed_forward_ratio", summary, "1", "",
            "triads a -> b -> c with a -> c (030T) over chance"},
           {"cycle_ratio", summary, "1", "",
            "triads a -> b -> c -> a (030C) over chance"},
           {"clique_ratio", summary, "1", "",
            "triads connected both ways throughout (300) over chance"},
           {"triads", array, "1", "",
            "of types 003, 012, 102, 021D, 021U, 021C, 111D, 111U, 030T, "
            "030C, 201, 120D, 120U, 120C, 210, 300"},
           {"triads_by_chance", array, "1", "", "mean over randomisations"},
           {"triads_deviation", array, "1", "", "and standard deviation"}},
      .check = {}};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component& c, uint64_t seed,
                            int64_t) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<Motifs>(c, seed);
          },
          .reads = {.weights = true},
          .state = {"counts"}};
}

}  // namespace engram
