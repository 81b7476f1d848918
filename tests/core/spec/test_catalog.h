#pragma once

#include <string>
#include <vector>

#include "core/spec/catalog.h"
#include "core/spec/experiment.h"

namespace engram {

// A small catalog with every type of parameter and slot.
const Catalog& TestCatalog();

// Knows the dataset "mnist", the item "k7m2q9xw4p/1/state@final" and those of
// the two runs that match "tag = trained".
class TestResolver final : public Resolver {
 public:
  absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const override;
  absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const override;
  absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view filter) const override;
};

// The experiment of a text that must be valid; the test fails with its faults
// otherwise.
Experiment MustParse(const std::string& text);
Experiment MustParse(const ExperimentText& text);

// The faults of a text, each as one line "line: path: message".
std::vector<std::string> FaultLines(const std::string& text);
std::vector<std::string> FaultLines(const ExperimentText& text);

// A valid experiment of few words; `more` is appended to the document.
std::string SmallText(const std::string& more = "");

}  // namespace engram
