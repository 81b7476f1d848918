#include "core/analyses/system_analysis.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC with AVX-512: an
// iteration of a search by one variable cubed and by itself, of which a search
// takes about twenty; and a trajectory step by one variable squared, of which a
// start takes some hundreds.
constexpr double kCubed = 0.12e-9, kIteration = 2e-6;  // [s]
constexpr double kIterations = 20;
constexpr double kSquared = 0.2e-9, kSteps = 400;  // [s]

}  // namespace

absl::Status SystemAnalysis::Read(const SystemSubject&, const Inputs&) {
  return absl::OkStatus();
}

void SystemAnalysis::VisitState(const std::string&, StateVisitor&) {}

double EstimateSystemAnalysis(const Component& analysis, double n) {
  const auto starts = analysis.parameters.find("starts");
  const double cubed = kCubed * n * n * n;
  if (starts == analysis.parameters.end()) return kIterations * cubed;
  return static_cast<double>(analysis.Integer("starts")) *
         (kIterations * (kIteration + cubed) + kSteps * kSquared * n * n);
}

}  // namespace engram
