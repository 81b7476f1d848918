#include "core/analyses/chain_structure.h"

#include <algorithm>
#include <functional>

#include "core/base/contract.h"

namespace engram {
namespace {

constexpr int64_t kNone = -1;

// The only entry of each row (or column) above the threshold, else kNone.
struct OnlyStrong {
  OnlyStrong(const Array<double>& w, double strong)
      : post(static_cast<size_t>(w.cols()), kNone),
        pre(static_cast<size_t>(w.rows()), kNone),
        in(static_cast<size_t>(w.rows())),
        out(static_cast<size_t>(w.cols())) {
    for (int64_t j = 0; j < w.cols(); ++j) {
      for (int64_t i = 0; i < w.rows(); ++i) {
        if (w(i, j) <= strong) continue;
        ++out[static_cast<size_t>(j)];
        ++in[static_cast<size_t>(i)];
        post[static_cast<size_t>(j)] = i;
        pre[static_cast<size_t>(i)] = j;
      }
    }
  }

  // The unit that follows j alone, and follows j alone.
  int64_t Next(int64_t j) const {
    if (out[static_cast<size_t>(j)] != 1) return kNone;
    const int64_t i = post[static_cast<size_t>(j)];
    return in[static_cast<size_t>(i)] == 1 ? i : kNone;
  }
  int64_t Previous(int64_t i) const {
    if (in[static_cast<size_t>(i)] != 1) return kNone;
    const int64_t j = pre[static_cast<size_t>(i)];
    return out[static_cast<size_t>(j)] == 1 ? j : kNone;
  }

  std::vector<int64_t> post, pre;  // last strong one of a column, of a row
  std::vector<int64_t> in, out;    // how many
};

// Units from `first` on, until there is no next one or `first` comes again.
int64_t Follow(const OnlyStrong& strong, int64_t first,
               std::vector<bool>& seen) {
  int64_t length = 0;
  for (int64_t unit = first; unit != kNone && !seen[static_cast<size_t>(unit)];
       unit = strong.Next(unit)) {
    seen[static_cast<size_t>(unit)] = true;
    ++length;
  }
  return length;
}

}  // namespace

int64_t ChainStructure::longest() const {
  return std::max(loops.empty() ? 0 : loops.front(),
                  chains.empty() ? 0 : chains.front());
}

ChainStructure FindChains(const Array<double>& w, double strong) {
  ENGRAM_EXPECT(w.rows() == w.cols());
  const OnlyStrong only(w, strong);
  ChainStructure found;
  found.single_rows = std::ranges::count(only.in, 1);
  found.single_columns = std::ranges::count(only.out, 1);
  std::vector<bool> seen(static_cast<size_t>(w.rows()));
  // Chains from their first units; what is left closes.
  for (int64_t unit = 0; unit < w.rows(); ++unit) {
    if (only.Previous(unit) != kNone) continue;
    const int64_t length = Follow(only, unit, seen);
    if (length >= 2) found.chains.push_back(length);
  }
  for (int64_t unit = 0; unit < w.rows(); ++unit) {
    if (seen[static_cast<size_t>(unit)]) continue;
    found.loops.push_back(Follow(only, unit, seen));
  }
  std::ranges::sort(found.loops, std::greater<>());
  std::ranges::sort(found.chains, std::greater<>());
  return found;
}

}  // namespace engram
