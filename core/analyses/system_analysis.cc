#include "core/analyses/system_analysis.h"

#include <algorithm>

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC with AVX-512: an
// iteration of a search by one variable cubed and by itself, of which a search
// takes about twenty; and a trajectory step by one variable squared, of which a
// start takes some hundreds.
constexpr double kCubed = 0.12e-9, kIteration = 2e-6;  // [s]
constexpr double kIterations = 20;
constexpr double kSquared = 0.2e-9, kSteps = 400;  // [s]
// Noise and gain function of a variable in a step.
constexpr double kVariable = 20e-9;  // [s]

}  // namespace

absl::Status SystemAnalysis::Read(const SystemSubject&, const Inputs&) {
  return absl::OkStatus();
}

void SystemAnalysis::VisitState(const std::string&, StateVisitor&) {}

double EstimateSystemAnalysis(const Component& analysis, double n) {
  if (analysis.parameters.contains("trials")) {
    const double samples = static_cast<double>(analysis.Integer("burn_in") +
                                               analysis.Integer("samples"));
    const double steps = std::max(1.0, analysis.Real("every"));
    return static_cast<double>(analysis.Integer("trials")) * samples * steps *
           2 * (kSquared * n * n + kVariable * n);
  }
  const auto starts = analysis.parameters.find("starts");
  const double cubed = kCubed * n * n * n;
  if (starts == analysis.parameters.end()) return kIterations * cubed;
  return static_cast<double>(analysis.Integer("starts")) *
         (kIterations * (kIteration + cubed) + kSteps * kSquared * n * n);
}

double BytesOfSystemAnalysis(const Component& analysis, double n) {
  const auto number = [&](const char* name) {
    return static_cast<double>(analysis.Integer(name));
  };
  if (analysis.parameters.contains("trials")) {
    const double units = std::min(number("units"), n);
    return 8 * number("trials") * (n + number("samples") * (units + 1));
  }
  if (analysis.parameters.contains("walkers") && analysis.Real("sigma") > 0) {
    const double looks = analysis.Real("walk") / analysis.Real("look_every");
    return 8 * (n * number("starts") + number("walkers") * (n + looks + 1));
  }
  // And the matrix whose eigenvalues are searched.
  return 8 * n * n +
         32 * n *
             (analysis.parameters.contains("starts") ? number("starts") : 1);
}

}  // namespace engram
