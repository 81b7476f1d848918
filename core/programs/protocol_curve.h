#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/programs/recorder.h"

namespace engram {

// A rule's weight change along a protocol's axis, and what is read off it.
struct ProtocolCurve {
  std::string axis, axis_unit;
  std::vector<double> x = {};       // rises strictly
  std::vector<double> change = {};  // [1]
  // Of the mean over the synapses of a point; empty with one synapse each.
  std::vector<double> standard_error = {};
};

// Published values at the same points, and their standard errors.
struct CurveData {
  std::vector<double> change = {}, standard_error = {};
};

// Where the curve first turns from negative to positive, between its points by
// a straight line.
Measured Crossing(const ProtocolCurve& curve);

// The constant tau of change = A exp(-|x| / tau) on the side x > 0 or x < 0, by
// least squares on the logarithm. Absent unless all of at least three points of
// the side have one sign.
Measured DecayConstant(const ProtocolCurve& curve, bool is_positive_side);

// By the trapezoid rule.
double Integral(const ProtocolCurve& curve);

// (change - data) / standard error at each point.
std::vector<double> Misses(const ProtocolCurve& curve, const CurveData& data);

// Series and summary values of a protocol's end; `data` may be empty.
void WriteCurve(const ProtocolCurve& curve, const CurveData& data,
                Recorder& out);

}  // namespace engram
