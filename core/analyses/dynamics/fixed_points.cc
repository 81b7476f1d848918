#include "core/analyses/dynamics/fixed_points.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/analyses/dynamics/stationary.h"
#include "core/analyses/record_table.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Starts of one part, fewer of a large system.
constexpr int64_t kStartsOfAPart = 8;
// Iterations of a search in slices that are about the work of a part.
constexpr int64_t kIterationsOfAPart = 8;

// States that differ by less than this in every coordinate are one point.
// Polished points repeat to 1e-10; of slow points the place is known to about
// 1e-5.
constexpr double kSamePoint = 1e-4;

}  // namespace

FixedPoints::FixedPoints(const Component& component, uint64_t seed, int64_t n,
                         int64_t cubes_of_a_part)
    : start_states_(component, seed),
      plan_{n, component.Integer("starts"), cubes_of_a_part},
      expected_points_(component.RealRows("expected_points")),
      expected_stable_(component.RealRows("expected_stable")),
      points_(n, component.Integer("starts")),
      q_(starts()),
      damping_(starts()),
      iterations_(starts()),
      kind_(starts()),
      real_(n, starts()),
      imaginary_(n, starts()),
      unstable_(starts()),
      eigenvalues_(n) {}

int64_t FixedPoints::Plan::starts_of_a_part() const {
  return std::clamp<int64_t>(cubes / (n * n * n), 1, kStartsOfAPart);
}

int64_t FixedPoints::Plan::blocks() const {
  return (starts + starts_of_a_part() - 1) / starts_of_a_part();
}

int64_t FixedPoints::Plan::iterations_of_a_part() const {
  return std::max<int64_t>(kIterationsOfAPart * cubes / (n * n * n), 1);
}

// As many as the longest search takes: parts after a search's end do nothing.
int64_t FixedPoints::Plan::slices() const {
  if (!has_slices()) return 1;
  const int64_t each = iterations_of_a_part();
  return (StationarySearch::kMostIterations + each - 1) / each;
}

int64_t FixedPoints::Plan::slices_of_eigenvalues() const {
  if (!has_slices()) return 1;
  return EigenvalueSearch::MostParts(n, static_cast<double>(cubes));
}

// First all searches, then the eigenvalues of each point that was found.
void FixedPoints::RunPart(const SystemSubject& subject, int64_t part) {
  const int64_t searches = plan_.blocks() * plan_.slices();
  if (plan_.has_slices() && part < searches) {
    SearchOn(subject, part / plan_.slices(), part % plan_.slices());
    return;
  }
  if (plan_.has_slices()) {
    const int64_t each = plan_.slices_of_eigenvalues(), rest = part - searches;
    ClassifyOn(subject, rest / each, rest % each);
    return;
  }
  const int64_t block = part % plan_.blocks();
  const int64_t begin = block * plan_.starts_of_a_part();
  const int64_t end = std::min(begin + plan_.starts_of_a_part(), starts());
  if (part < searches) {
    Search(subject, begin, end);
  } else {
    Classify(subject, begin, end);
  }
}

void FixedPoints::Search(const SystemSubject& subject, int64_t begin,
                         int64_t end) {
  subject.parallel->ForBlocks(end - begin, 2, [&](int64_t from, int64_t to) {
    StationarySearch search(*subject.dynamics);
    Flow flow(*subject.dynamics);
    DynamicsPoint p(subject.dynamics->size());
    for (int64_t s = begin + from; s < begin + to; ++s) {
      start_states_.Draw(subject, s, flow, p);
      kind_[s] = static_cast<int64_t>(search.Find(p));
      q_[s] = search.q();
      std::ranges::copy(p.x.span(), points_.data() + s * points_.rows());
    }
  });
}

void FixedPoints::SearchOn(const SystemSubject& subject, int64_t s,
                           int64_t slice) {
  if (slice > 0 && iterations_[s] < 0) return;
  StationarySearch search(*subject.dynamics);
  DynamicsPoint p(subject.dynamics->size());
  if (slice == 0) {
    Flow flow(*subject.dynamics);
    start_states_.Draw(subject, s, flow, p);
    search.Begin(p);
  } else {
    std::ranges::copy(points_.col(s), p.x.data());
    search.Begin(p, damping_[s], iterations_[s]);
  }
  const bool is_over = search.Advance(p, plan_.iterations_of_a_part());
  if (is_over) kind_[s] = static_cast<int64_t>(search.End(p));
  q_[s] = search.q();
  damping_[s] = search.damping();
  iterations_[s] = is_over ? -1 : search.iterations();
  std::ranges::copy(p.x.span(), points_.data() + s * points_.rows());
}

PointSet FixedPoints::Points() const {
  std::vector<bool> counts_in;
  for (int64_t s = 0; s < starts(); ++s) {
    counts_in.push_back(kind_[s] != static_cast<int64_t>(Stationary::kNone));
  }
  return MergeStates(points_, counts_in, kSamePoint);
}

void FixedPoints::Classify(const SystemSubject& subject, int64_t begin,
                           int64_t end) {
  const PointSet set = Points();
  const int64_t count = static_cast<int64_t>(set.first.size());
  begin = std::min(begin, count), end = std::min(end, count);
  subject.parallel->ForBlocks(end - begin, 1, [&](int64_t from, int64_t to) {
    DynamicsPoint p(subject.dynamics->size());
    for (int64_t k = begin + from; k < begin + to; ++k) {
      const int64_t s = set.first[static_cast<size_t>(k)];
      std::ranges::copy(points_.col(s), p.x.data());
      KeepStability(s, ComputeStability(*subject.dynamics, p));
    }
  });
}

void FixedPoints::ClassifyOn(const SystemSubject& subject, int64_t point,
                             int64_t slice) {
  if (slice > 0 && eigenvalues_.is_over()) return;
  const PointSet set = Points();
  if (point >= static_cast<int64_t>(set.first.size())) return;
  const int64_t s = set.first[static_cast<size_t>(point)];
  if (slice == 0) {
    DynamicsPoint p(subject.dynamics->size());
    std::ranges::copy(points_.col(s), p.x.data());
    BeginStability(*subject.dynamics, p, eigenvalues_);
  }
  if (eigenvalues_.Advance(static_cast<double>(plan_.cubes))) {
    KeepStability(s, StabilityOf(eigenvalues_, subject.dynamics->is_map()));
  }
}

void FixedPoints::KeepStability(int64_t s,
                                const std::optional<Stability>& stability) {
  unstable_[s] = stability ? stability->unstable_dimension : -1;
  if (!stability) return;
  std::ranges::copy(stability->real, real_.data() + s * real_.rows());
  std::ranges::copy(stability->imaginary,
                    imaginary_.data() + s * imaginary_.rows());
}

bool FixedPoints::IsBefore(int64_t a, int64_t b) const {
  if (unstable_[a] != unstable_[b]) return unstable_[a] < unstable_[b];
  return std::ranges::lexicographical_compare(points_.col(a), points_.col(b));
}

FixedPoints::Found FixedPoints::Ordered(bool are_slow) const {
  const PointSet set = Points();
  const int64_t wanted =
      static_cast<int64_t>(are_slow ? Stationary::kSlow : Stationary::kFixed);
  std::vector<size_t> chosen;
  for (size_t k = 0; k < set.first.size(); ++k) {
    if (kind_[set.first[k]] == wanted) chosen.push_back(k);
  }
  std::ranges::sort(chosen, [&](size_t a, size_t b) {
    return IsBefore(set.first[a], set.first[b]);
  });
  Found found;
  for (size_t k : chosen) {
    found.order.push_back(set.first[k]);
    found.count.push_back(set.count[k]);
  }
  return found;
}

// The largest distance, over expected points, to the nearest that was found.
Measured FixedPoints::Error(const Found& fixed,
                            const std::vector<std::vector<double>>& expected,
                            bool only_stable) const {
  if (expected.empty()) return Measured::Absent("no points were expected");
  double error = 0;
  for (const std::vector<double>& point : expected) {
    std::optional<double> nearest;
    for (int64_t s : fixed.order) {
      if (only_stable && unstable_[s] != 0) continue;
      double distance = 0;
      for (size_t i = 0; i < point.size(); ++i) {
        distance = std::max(distance, std::abs(points_.col(s)[i] - point[i]));
      }
      nearest = std::min(nearest.value_or(distance), distance);
    }
    if (!nearest) return Measured::Absent("no such point was found");
    error = std::max(error, *nearest);
  }
  return Measured::Of(error);
}

void FixedPoints::ReportCounts(const Found& fixed, const Found& slow,
                               AnalysisOutput& out) const {
  int64_t stable = 0, largest = 0, searches = 0;
  for (int64_t s : fixed.order) {
    stable += unstable_[s] == 0;
    largest = std::max(largest, unstable_[s]);
  }
  for (int64_t count : fixed.count) searches += count;
  const auto summary = [&](const char* name, double value) {
    out.Summary(name, "1", Measured::Of(value));
  };
  summary("fixed_points", static_cast<double>(fixed.order.size()));
  summary("stable_points", static_cast<double>(stable));
  summary("slow_points", static_cast<double>(slow.order.size()));
  summary("largest_unstable_dimension", static_cast<double>(largest));
  summary("searches_at_fixed_points",
          static_cast<double>(searches) / static_cast<double>(starts()));
  const Measured none = Measured::Absent("no stable point was found");
  out.Summary("leading_real", "1",
              stable ? Measured::Of(real_(0, fixed.order[0])) : none);
  out.Summary("leading_imaginary", "1",
              stable ? Measured::Of(imaginary_(0, fixed.order[0])) : none);
  out.Summary("point_error", "1", Error(fixed, expected_points_, false));
  out.Summary("stable_point_error", "1", Error(fixed, expected_stable_, true));
}

// Fixed points, then slow ones, a column or an element each.
void FixedPoints::ReportPoints(const Found& fixed, const Found& slow,
                               AnalysisOutput& out) const {
  std::vector<int64_t> order = fixed.order, found_by = fixed.count;
  order.insert(order.end(), slow.order.begin(), slow.order.end());
  found_by.insert(found_by.end(), slow.count.begin(), slow.count.end());
  std::vector<double> q;
  std::vector<int64_t> unstable, is_slow;
  for (size_t k = 0; k < order.size(); ++k) {
    q.push_back(q_[order[k]]);
    unstable.push_back(unstable_[order[k]]);
    is_slow.push_back(k >= fixed.order.size());
  }
  RecordTable("points", ColumnsOf(points_, order), "1", out);
  RecordTable("point_eigenvalues_real", ColumnsOf(real_, order), "1", out);
  RecordTable("point_eigenvalues_imaginary", ColumnsOf(imaginary_, order), "1",
              out);
  RecordList("point_q", q, "1", out);
  RecordList("point_unstable_dimension", unstable, "1", out);
  RecordList("point_is_slow", is_slow, "1", out);
  RecordList("point_starts", found_by, "1", out);
}

void FixedPoints::Finish(const SystemSubject&, AnalysisOutput& out) {
  const Found fixed = Ordered(false), slow = Ordered(true);
  ReportCounts(fixed, slow, out);
  ReportPoints(fixed, slow, out);
}

void FixedPoints::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".points", StateOf(points_, "1"));
  v.State(path + ".q", StateOf(q_, "1"));
  v.State(path + ".damping", StateOf(damping_, "1"));
  v.State(path + ".iterations", StateOf(iterations_, "1"));
  v.State(path + ".kind", StateOf(kind_, "1"));
  v.State(path + ".real", StateOf(real_, "1"));
  v.State(path + ".imaginary", StateOf(imaginary_, "1"));
  v.State(path + ".unstable", StateOf(unstable_, "1"));
  eigenvalues_.VisitState(path + ".eigenvalues", v);
}

}  // namespace engram
