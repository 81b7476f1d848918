#include "core/analyses/dynamics/contour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/base/contract.h"

namespace engram {
namespace {

using Field = absl::FunctionRef<double(double x, double y)>;

// Where f changes its sign between a and b, by the Illinois variant of false
// position (Dowell and Jarratt 1971, doi:10.1007/BF01934364).
double Crossing(absl::FunctionRef<double(double)> f, double a, double b,
                double fa, double fb, double accuracy) {
  int side = 0;
  for (int i = 0; i < 200 && std::abs(b - a) > accuracy; ++i) {
    double middle = (fa * b - fb * a) / (fa - fb);
    if (!(middle > std::min(a, b) && middle < std::max(a, b))) {
      middle = (a + b) / 2;
    }
    const double value = f(middle);
    if (value == 0) return middle;
    if ((value > 0) == (fb > 0)) {
      b = middle;
      fb = value;
      if (side == -1) fa /= 2;
      side = -1;
    } else {
      a = middle;
      fa = value;
      if (side == 1) fb /= 2;
      side = 1;
    }
  }
  return std::abs(fa) < std::abs(fb) ? a : b;
}

// An edge of the grid from (i, j) along the first axis or the second.
struct Edge {
  int64_t i, j;
  bool along_second;
  friend auto operator<=>(const Edge&, const Edge&) = default;
};

class Tracer {
 public:
  Tracer(const Grid& grid, Field f) : grid_(grid), f_(f) {}

  std::vector<Polyline> Run() {
    const int64_t n = grid_.values.rows();
    for (int64_t i = 0; i + 1 < n; ++i) {
      for (int64_t j = 0; j + 1 < n; ++j) JoinCell(i, j);
    }
    std::vector<Polyline> lines;
    // Open lines from their ends first; what is left is closed.
    for (const bool open : {true, false}) {
      for (const auto& [edge, next] : joined_) {
        const bool is_end = next[1] == kNone;
        if (visited_.contains(edge) || (open && !is_end)) continue;
        lines.push_back(Follow(edge, !open));
      }
    }
    return lines;
  }

 private:
  static constexpr Edge kNone = {-1, -1, false};

  bool IsAbove(int64_t i, int64_t j) const { return grid_.values(i, j) >= 0; }

  void Join(const Edge& a, const Edge& b) {
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
      auto& next =
          joined_.try_emplace(from, std::array{kNone, kNone}).first->second;
      (next[0] == kNone ? next[0] : next[1]) = to;
    }
  }

  void JoinCell(int64_t i, int64_t j) {
    const Edge below{i, j, false}, above{i, j + 1, false};
    const Edge left{i, j, true}, right{i + 1, j, true};
    std::vector<Edge> cut;
    if (IsAbove(i, j) != IsAbove(i + 1, j)) cut.push_back(below);
    if (IsAbove(i + 1, j) != IsAbove(i + 1, j + 1)) cut.push_back(right);
    if (IsAbove(i, j + 1) != IsAbove(i + 1, j + 1)) cut.push_back(above);
    if (IsAbove(i, j) != IsAbove(i, j + 1)) cut.push_back(left);
    if (cut.size() == 2) Join(cut[0], cut[1]);
    if (cut.size() != 4) return;
    const double x = (grid_.axis[U(i)] + grid_.axis[U(i + 1)]) / 2;
    const double y = (grid_.axis[U(j)] + grid_.axis[U(j + 1)]) / 2;
    const bool middle = f_(x, y) >= 0;
    // The first corner is cut off when the middle is not on its side.
    if (middle != IsAbove(i, j)) {
      Join(left, below);
      Join(right, above);
    } else {
      Join(below, right);
      Join(above, left);
    }
  }

  static size_t U(int64_t i) { return static_cast<size_t>(i); }

  void Add(const Edge& e, Polyline& line) const {
    const double accuracy =
        1e-13 * std::abs(grid_.axis.back() - grid_.axis.front());
    const double x = grid_.axis[U(e.i)], y = grid_.axis[U(e.j)];
    const double first = grid_.values(e.i, e.j);
    if (e.along_second) {
      line.x.push_back(x);
      line.y.push_back(Crossing([&](double v) { return f_(x, v); }, y,
                                grid_.axis[U(e.j + 1)], first,
                                grid_.values(e.i, e.j + 1), accuracy));
    } else {
      line.x.push_back(Crossing([&](double v) { return f_(v, y); }, x,
                                grid_.axis[U(e.i + 1)], first,
                                grid_.values(e.i + 1, e.j), accuracy));
      line.y.push_back(y);
    }
  }

  Polyline Follow(Edge edge, bool is_closed) {
    Polyline line;
    line.is_closed = is_closed;
    while (edge != kNone && visited_.insert(edge).second) {
      Add(edge, line);
      const std::array<Edge, 2>& next = joined_.at(edge);
      edge = visited_.contains(next[0]) ? next[1] : next[0];
    }
    if (is_closed) {
      line.x.push_back(line.x.front());
      line.y.push_back(line.y.front());
    }
    return line;
  }

  const Grid& grid_;
  Field f_;
  std::map<Edge, std::array<Edge, 2>> joined_;
  std::set<Edge> visited_;
};

}  // namespace

std::vector<Polyline> ZeroLines(const Grid& grid, Field f) {
  ENGRAM_EXPECT(grid.values.rows() == grid.values.cols());
  ENGRAM_EXPECT(grid.values.rows() == static_cast<int64_t>(grid.axis.size()));
  return Tracer(grid, f).Run();
}

}  // namespace engram
