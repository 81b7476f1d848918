#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/base/random.h"

namespace engram {

// Who reaches whom among units, without how strongly.
struct Connections {
  explicit Connections(int64_t units) : reaches(units, units) {}
  Array<uint8_t> reaches;  // (n_post, n_pre): 1 for a connection from j to i
  int64_t units() const { return reaches.rows(); }
};

// Weights above `share` of the largest magnitude; a unit does not reach itself.
Connections StrongConnections(const Array<double>& w, double share);

// The sixteen ways in which three units can be connected, by the names of
// Holland and Leinhardt: pairs that reach each other, one way, not; and a
// letter for (D)own, (U)p, (C)yclic, (T)ransitive.
inline constexpr int kTriadTypes = 16;
extern const std::array<absl::string_view, kTriadTypes> kTriadNames;

struct ConnectionCounts {
  int64_t connections = 0;
  int64_t mutual_pairs = 0;
  std::array<int64_t, kTriadTypes> triads = {};
};

// O(n^3).
// Source: Holland and Leinhardt (1976), doi:10.2307/270703.
ConnectionCounts CountConnections(const Connections& c);

// The same with every unit's numbers of incoming and outgoing connections kept,
// otherwise at random: ten times as many tries as connections to exchange the
// targets of two of them. Randomisations are numbered.
// Source: Maslov and Sneppen (2002), doi:10.1126/science.1065103.
Connections DegreeMatched(const Connections& c, const RandomStream& stream,
                          int64_t number);

}  // namespace engram
