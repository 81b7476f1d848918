#include "core/programs/system_analyses.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/base/contract.h"
#include "core/spec/find_row.h"

namespace engram {

SystemAnalyses::SystemAnalyses(const std::vector<Component>& analyses,
                               uint64_t seed, int64_t n) {
  for (const Component& component : analyses) {
    auto made = MakeSystemAnalysis(component, seed, n);
    if (made == nullptr) continue;
    const int64_t end = parts() + made->parts();
    all_.push_back({component, std::move(made), end});
  }
}

absl::Status SystemAnalyses::Read(const SystemSubject& subject,
                                  const Inputs& inputs) {
  for (const NamedAnalysis& a : all_) {
    absl::Status status = a.analysis->Read(subject, inputs);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void SystemAnalyses::RunPart(const SystemSubject& subject, int64_t part,
                             Recorder& out) {
  ENGRAM_EXPECT(part >= 0 && part < parts());
  int64_t begin = 0;
  for (const NamedAnalysis& a : all_) {
    if (part < a.end) {
      a.analysis->RunPart(subject, part - begin);
      if (part + 1 < a.end) return;
      AnalysisOutput output(a.component, out);
      a.analysis->Finish(subject, output);
      return;
    }
    begin = a.end;
  }
}

void SystemAnalyses::VisitState(StateVisitor& v) {
  for (const NamedAnalysis& a : all_) {
    a.analysis->VisitState(StatePath(a.component), v);
  }
}

int64_t PartsOfSystemAnalyses(const std::vector<Component>& analyses,
                              int64_t n) {
  int64_t parts = 0;
  for (const Component& component : analyses) {
    const AnalysisRow& row = RowOf(AnalysisRows(), component.type);
    if (row.parts != nullptr) {
      parts += row.parts(component, n);
    } else if (row.make_system != nullptr) {
      parts += row.make_system(component, 0, n)->parts();
    }
  }
  return parts;
}

std::string StatePath(const Component& analysis) {
  return absl::StrCat("analyses.",
                      analysis.name.empty() ? analysis.type : analysis.name);
}

std::vector<std::string> ArraysOfSystemAnalyses(
    const std::vector<Component>& analyses) {
  std::vector<std::string> arrays;
  for (const Component& analysis : analyses) {
    for (const std::string& name : RowOf(AnalysisRows(), analysis.type).state) {
      arrays.push_back(absl::StrCat(StatePath(analysis), ".", name));
    }
  }
  return arrays;
}

}  // namespace engram
