#include "core/analyses/dynamics/attractors.h"

#include <algorithm>
#include <cmath>

#include "core/analyses/record_table.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr int64_t kStartsOfAPart = 8;
// A state that moves less than this in a time constant has settled; settled
// states nearer than the second one in every coordinate are one attractor.
constexpr double kSettledSpeed = 1e-6, kSameAttractor = 1e-3;
// Noisy steps of walkers, in time constants.
constexpr double kNoisyStep = 0.05;

int64_t LooksOf(const Component& component) {
  if (component.Real("sigma") == 0) return 0;
  return static_cast<int64_t>(
      std::floor(component.Real("walk") / component.Real("look_every")));
}

}  // namespace

Attractors::Attractors(const Component& component, uint64_t seed, int64_t n)
    : start_states_(component, seed),
      duration_(component.Real("duration")),
      sigma_(component.Real("sigma")),
      look_every_(component.Real("look_every")),
      noise_(seed, component.path, "walker_noise"),
      ends_(n, component.Integer("starts")),
      settled_(starts()),
      walkers_(n, component.Integer("walkers")),
      visited_(LooksOf(component) + 1, component.Integer("walkers")) {}

int64_t Attractors::PartsOf(const Component& component) {
  return (component.Integer("starts") + kStartsOfAPart - 1) / kStartsOfAPart +
         LooksOf(component);
}

int64_t Attractors::blocks() const {
  return (starts() + kStartsOfAPart - 1) / kStartsOfAPart;
}

void Attractors::RunPart(const SystemSubject& subject, int64_t part) {
  if (part < blocks()) {
    const int64_t begin = part * kStartsOfAPart;
    SettleStarts(subject, begin, std::min(begin + kStartsOfAPart, starts()));
    if (part + 1 == blocks()) PlaceWalkers();
  } else {
    Walk(subject, part - blocks());
  }
}

void Attractors::SettleStarts(const SystemSubject& subject, int64_t begin,
                              int64_t end) {
  subject.parallel->ForBlocks(end - begin, 1, [&](int64_t from, int64_t to) {
    Flow flow(*subject.dynamics);
    DynamicsPoint p(subject.dynamics->size());
    for (int64_t s = begin + from; s < begin + to; ++s) {
      start_states_.Draw(subject, s, flow, p);
      settled_[s] = flow.Settle(p, duration_, kFlowStep, kSettledSpeed);
      std::ranges::copy(p.x.span(), ends_.data() + s * ends_.rows());
    }
  });
}

PointSet Attractors::Points() const {
  std::vector<bool> counts_in;
  for (int64_t s = 0; s < starts(); ++s) counts_in.push_back(settled_[s] != 0);
  return MergeStates(ends_, counts_in, kSameAttractor);
}

// Walkers begin at one attractor after the other.
void Attractors::PlaceWalkers() {
  const PointSet points = Points();
  for (int64_t w = 0; w < walkers(); ++w) {
    visited_(0, w) = -1;
    if (points.first.empty()) continue;
    const size_t at = static_cast<size_t>(w) % points.first.size();
    visited_(0, w) = static_cast<int64_t>(at);
    std::ranges::copy(ends_.col(points.first[at]),
                      walkers_.data() + w * walkers_.rows());
  }
}

void Attractors::Walk(const SystemSubject& subject, int64_t look) {
  const PointSet points = Points();
  const double noisy_step = subject.dynamics->is_map() ? 1 : kNoisyStep;
  const int64_t steps =
      std::max<int64_t>(1, std::llround(look_every_ / noisy_step));
  subject.parallel->ForBlocks(walkers(), 1, [&](int64_t from, int64_t to) {
    Flow flow(*subject.dynamics);
    DynamicsPoint p(subject.dynamics->size());
    for (int64_t w = from; w < to; ++w) {
      double* walker = walkers_.data() + w * walkers_.rows();
      std::copy_n(walker, walkers_.rows(), p.x.data());
      const int64_t first = (look * walkers() + w) * steps;
      for (int64_t step = 0; step < steps; ++step) {
        flow.NoisyStep(p, look_every_ / static_cast<double>(steps), sigma_,
                       noise_, first + step);
      }
      std::ranges::copy(p.x.span(), walker);
      const bool settled = flow.Settle(p, duration_, kFlowStep, kSettledSpeed);
      visited_(look + 1, w) = settled ? NearestTo(p.x.span(), points) : -1;
    }
  });
}

int64_t Attractors::NearestTo(std::span<const double> x,
                              const PointSet& points) const {
  for (size_t k = 0; k < points.first.size(); ++k) {
    const std::span<const double> a = ends_.col(points.first[k]);
    double distance = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      distance = std::max(distance, std::abs(x[i] - a[i]));
    }
    if (distance < 2 * kSameAttractor) return static_cast<int64_t>(k);
  }
  return -1;
}

void Attractors::ReportBasins(const PointSet& points,
                              AnalysisOutput& out) const {
  std::vector<double> share;
  double largest = 0, entropy = 0, settled = 0;
  for (int64_t count : points.count) {
    const double part =
        static_cast<double>(count) / static_cast<double>(starts());
    share.push_back(part);
    largest = std::max(largest, part);
    entropy -= part * math::Log(part);
    settled += part;
  }
  const auto summary = [&](const char* name, double value) {
    out.Summary(name, "1", Measured::Of(value));
  };
  summary("attractors", static_cast<double>(points.first.size()));
  summary("largest_basin", largest);
  summary("basin_entropy", entropy);
  summary("unsettled", std::max(0.0, 1 - settled));
  RecordTable("attractor_states", ColumnsOf(ends_, points.first), "1", out);
  RecordList("basins", share, "1", out);
}

void Attractors::ReportWalks(const PointSet& points,
                             AnalysisOutput& out) const {
  const int64_t count = static_cast<int64_t>(points.first.size());
  Array<double> transitions(count, count);
  int64_t moves = 0, lost = 0;
  for (int64_t w = 0; w < walkers(); ++w) {
    int64_t at = visited_(0, w);
    for (int64_t look = 1; look <= looks(); ++look) {
      const int64_t next = visited_(look, w);
      lost += next < 0;
      if (next < 0 || at < 0) continue;
      moves += next != at;
      transitions(next, at) += 1;
      at = next;
    }
  }
  const double time = static_cast<double>(looks() * walkers()) * look_every_;
  const Measured none = Measured::Absent("there is no noise: sigma is 0");
  out.Summary(
      "transition_rate", "1",
      time > 0 ? Measured::Of(static_cast<double>(moves) / time) : none);
  out.Summary("looks_at_no_attractor", "1",
              time > 0 ? Measured::Of(static_cast<double>(lost) /
                                      static_cast<double>(looks() * walkers()))
                       : none);
  RecordTable("transitions", transitions, "1", out);
  RecordTable("visited", visited_, "1", out);
}

void Attractors::Finish(const SystemSubject&, AnalysisOutput& out) {
  const PointSet points = Points();
  ReportBasins(points, out);
  ReportWalks(points, out);
}

void Attractors::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".ends", StateOf(ends_, "1"));
  v.State(path + ".settled", StateOf(settled_, "1"));
  v.State(path + ".walkers", StateOf(walkers_, "1"));
  v.State(path + ".visited", StateOf(visited_, "1"));
}

}  // namespace engram
