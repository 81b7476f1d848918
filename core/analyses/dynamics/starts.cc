#include "core/analyses/dynamics/starts.h"

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

constexpr double kJitter = 0.05;

}  // namespace

Starts::Starts(const Component& component, uint64_t seed)
    : low_(component.Real("low")),
      high_(component.Real("high")),
      longest_(component.Real("longest")),
      box_(seed, component.path, "start_states"),
      jitter_(seed, component.path, "start_jitter"),
      duration_(seed, component.path, "start_durations") {}

void Starts::Draw(const SystemSubject& subject, int64_t index, Flow& flow,
                  DynamicsPoint& p) const {
  const int64_t n = p.x.rows();
  if (subject.patterns == nullptr) {
    for (int64_t i = 0; i < n; ++i) {
      p.x[i] = low_ + (high_ - low_) * box_.Uniform(i, index);
    }
  } else {
    jitter_.FillNormal(index, p.x.span());
    for (int64_t i = 0; i < n; ++i) p.x[i] *= kJitter;
    for (int64_t k = 0; k < subject.patterns->cols(); ++k) {
      const double c = low_ + (high_ - low_) * box_.Uniform(k, index);
      for (int64_t i = 0; i < n; ++i) p.x[i] += c * (*subject.patterns)(i, k);
    }
  }
  flow.Advance(p, longest_ * duration_.Uniform(0, index), kFlowStep);
}

std::vector<ParameterSpec> BoxParameters(double longest) {
  return {Real("low", "1", -2.5, -1000, 1000,
               "smallest potential (or share of a pattern) of a first state"),
          Real("high", "1", 2.5, -1000, 1000, "largest one"),
          Real("longest", "1", longest, 0, 10000,
               "first states are followed for a random while up to this "
               "[time constants]")};
}

void CheckBox(const Component& self, Faults& faults) {
  if (self.Real("low") < self.Real("high")) return;
  faults.push_back({0, self.path + ".low",
                    absl::StrCat("low = ", self.Real("low"),
                                 " is not below high = ", self.Real("high"),
                                 ", so there are no states between them")});
}

}  // namespace engram
