#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// A named type of cell: parameters of
//
//   v' = square v^2 + linear v + constant - u + I   v [mV], t [ms], u, I [1]
//   u' = a (b (v + shift) - leak u)
//   v >= 30: v <- c, u <- u + d
struct IzhikevichCell {
  const char* name;
  double a;  // [1/ms]
  double b;  // [1]
  double c;  // [mV]
  double d;  // [1]
  double linear = 5;
  double constant = 140;
  double shift = 0;  // [mV]
  double leak = 1;   // [1]
};

// The classes of cortical and thalamic cells of 2003, under their short names
// (RS, IB, CH, FS, TC, RZ, LTS), and the twenty patterns of 2004.
//
// Source: Izhikevich (2003), IEEE Trans. Neural Netw. 14:1569-1572,
// doi:10.1109/TNN.2003.820440; Izhikevich (2004), IEEE Trans. Neural Netw.
// 15:1063-1070, doi:10.1109/TNN.2004.832719, with the parameters of its
// figure's listing (ModelDB 39948).
std::span<const IzhikevichCell> IzhikevichCells();
std::vector<std::string> IzhikevichCellNames();
// ContractViolation for a name that is not among them.
const IzhikevichCell& FindIzhikevichCell(absl::string_view name);

}  // namespace engram
