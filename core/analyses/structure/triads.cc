#include "core/analyses/structure/triads.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/contract.h"
#include "core/base/random.h"
#include "core/base/statistics.h"

namespace engram {

const std::array<absl::string_view, kTriadTypes> kTriadNames = {
    "003",  "012",  "102", "021D", "021U", "021C", "111D", "111U",
    "030T", "030C", "201", "120D", "120U", "120C", "210",  "300"};

namespace {

// Bits of a triad's code, for units a, b, c.
enum Bit { kAb = 1, kBa = 2, kAc = 4, kCa = 8, kBc = 16, kCb = 32 };

// One triad of each type, in the order of the names.
constexpr int kExamples[kTriadTypes] = {
    0,
    kAb,
    kAb | kBa,
    kBa | kBc,
    kAb | kCb,
    kAb | kBc,
    kAb | kBa | kCb,
    kAb | kBa | kBc,
    kAb | kCb | kAc,
    kAb | kBc | kCa,
    kAb | kBa | kBc | kCb,
    kBa | kBc | kAc | kCa,
    kAb | kCb | kAc | kCa,
    kAb | kBc | kAc | kCa,
    kAb | kBc | kCb | kAc | kCa,
    kAb | kBa | kAc | kCa | kBc | kCb,
};

// The code with units renamed: `to[u]` is the new name of unit u.
int Renamed(int code, const std::array<int, 3>& to) {
  constexpr int kEnds[6][2] = {{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}};
  int renamed = 0;
  for (int bit = 0; bit < 6; ++bit) {
    if ((code >> bit & 1) == 0) continue;
    for (int other = 0; other < 6; ++other) {
      if (kEnds[other][0] == to[static_cast<size_t>(kEnds[bit][0])] &&
          kEnds[other][1] == to[static_cast<size_t>(kEnds[bit][1])]) {
        renamed |= 1 << other;
      }
    }
  }
  return renamed;
}

// The type of each of the 64 codes.
std::array<int, 64> TypesOfCodes() {
  std::array<int, 64> types = {};
  for (int type = 0; type < kTriadTypes; ++type) {
    std::array<int, 3> to = {0, 1, 2};
    do {
      types[static_cast<size_t>(Renamed(kExamples[type], to))] = type;
    } while (std::next_permutation(to.begin(), to.end()));
  }
  return types;
}

}  // namespace

Connections StrongConnections(const Array<double>& w, double share) {
  ENGRAM_EXPECT(w.rows() == w.cols());
  const double above = share * statistics::LargestMagnitude(w.span());
  Connections c(w.rows());
  for (int64_t j = 0; j < w.cols(); ++j) {
    for (int64_t i = 0; i < w.rows(); ++i) {
      c.reaches(i, j) = i != j && w(i, j) > above;
    }
  }
  return c;
}

ConnectionCounts CountConnections(const Connections& c) {
  static const std::array<int, 64> kTypes = TypesOfCodes();
  const int64_t n = c.units();
  // Both ways of each pair in two bits: 1 from the first to the second.
  Array<uint8_t> pair(n, n);
  ConnectionCounts counts;
  for (int64_t b = 0; b < n; ++b) {
    for (int64_t a = 0; a < b; ++a) {
      const int code = c.reaches(b, a) + 2 * c.reaches(a, b);
      pair(a, b) = static_cast<uint8_t>(code);
      counts.connections += (code & 1) + (code >> 1);
      counts.mutual_pairs += code == 3;
    }
  }
  std::array<int64_t, 64> codes = {};
  for (int64_t k = 0; k < n; ++k) {
    for (int64_t b = 0; b < k; ++b) {
      const int last = pair(b, k) << 4;
      for (int64_t a = 0; a < b; ++a) {
        ++codes[static_cast<size_t>(last | pair(a, k) << 2 | pair(a, b))];
      }
    }
  }
  for (size_t code = 0; code < 64; ++code) {
    counts.triads[static_cast<size_t>(kTypes[code])] += codes[code];
  }
  return counts;
}

Connections DegreeMatched(const Connections& c, const RandomStream& stream,
                          int64_t number) {
  Connections shuffled = c;
  std::vector<std::pair<int64_t, int64_t>> edges;  // from, to
  for (int64_t j = 0; j < c.units(); ++j) {
    for (int64_t i = 0; i < c.units(); ++i) {
      if (c.reaches(i, j)) edges.emplace_back(j, i);
    }
  }
  const int64_t count = static_cast<int64_t>(edges.size());
  if (count < 2) return shuffled;
  for (int64_t attempt = 0; attempt < 10 * count; ++attempt) {
    auto& first =
        edges[static_cast<size_t>(stream.Below(count, 2 * attempt, number))];
    auto& second = edges[static_cast<size_t>(
        stream.Below(count, 2 * attempt + 1, number))];
    const auto [a, b] = first;
    const auto [d, e] = second;
    if (a == e || d == b || shuffled.reaches(e, a) || shuffled.reaches(b, d)) {
      continue;
    }
    shuffled.reaches(b, a) = shuffled.reaches(e, d) = 0;
    shuffled.reaches(e, a) = shuffled.reaches(b, d) = 1;
    std::swap(first.second, second.second);
  }
  return shuffled;
}

}  // namespace engram
