#include "core/programs/protocol_curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/programs/memory_recorder.h"

namespace engram {
namespace {

// A window with 2 exp(-x / 17) after 0 and -exp(x / 34) before it.
ProtocolCurve Window() {
  ProtocolCurve curve{.axis = "delta", .axis_unit = "ms"};
  for (double x = -100; x <= 100; x += 5) {
    curve.x.push_back(x);
    curve.change.push_back(x > 0   ? 2 * std::exp(-x / 17)
                           : x < 0 ? -std::exp(x / 34)
                                   : 0);
  }
  return curve;
}

TEST(ProtocolCurveTest, DecayConstantsAreThoseOfTheExponentials) {
  EXPECT_NEAR(DecayConstant(Window(), true).value(), 17, 1e-9);
  EXPECT_NEAR(DecayConstant(Window(), false).value(), 34, 1e-9);
}

TEST(ProtocolCurveTest, ASideOfBothSignsHasNoDecayConstant) {
  ProtocolCurve curve = Window();
  curve.change[30] = -0.1;
  EXPECT_TRUE(DecayConstant(curve, true).is_absent());
  EXPECT_FALSE(DecayConstant(curve, false).is_absent());
  const ProtocolCurve two{"delta", "ms", {1, 2}, {2, 1}, {}};
  EXPECT_TRUE(DecayConstant(two, true).is_absent());
  const ProtocolCurve rising{"delta", "ms", {1, 2, 3}, {1, 2, 3}, {}};
  EXPECT_TRUE(DecayConstant(rising, true).is_absent());
}

TEST(ProtocolCurveTest, CrossesWhereALineThroughItsPointsDoes) {
  const ProtocolCurve curve{
      "frequency", "Hz", {0, 10, 20, 40, 50}, {0, -1, -3, 1, 2}, {}};
  EXPECT_DOUBLE_EQ(Crossing(curve).value(), 35);
  // The window passes 0 itself.
  EXPECT_NEAR(Crossing(Window()).value(),
              -5 + 10 * std::exp(-5 / 34.) /
                       (std::exp(-5 / 34.) + 2 * std::exp(-5 / 17.)),
              1e-12);
  const ProtocolCurve falling{"frequency", "Hz", {0, 10, 20}, {1, 0, -1}, {}};
  EXPECT_TRUE(Crossing(falling).is_absent());
}

TEST(ProtocolCurveTest, IntegratesByTrapezoids) {
  const ProtocolCurve curve{"delta", "ms", {-1, 1, 4}, {1, 3, -1}, {}};
  EXPECT_DOUBLE_EQ(Integral(curve), 4 + 3);
}

TEST(ProtocolCurveTest, WritesItsPointsItsShapeAndItsDistanceFromData) {
  const ProtocolCurve curve{"frequency", "Hz", {0.1, 10}, {-1, 3}, {0.5, 0.25}};
  MemoryRecorder record;
  WriteCurve(curve, {{-2, 3}, {0.5, 1}}, record);
  const auto& series = record.series.at("weight_change");
  EXPECT_EQ(series.info.x, "frequency");
  EXPECT_EQ(series.info.x_unit, "Hz");
  EXPECT_EQ(series.points[0].first, 0.1);
  EXPECT_EQ(series.points[1].second.value(), 3);
  EXPECT_EQ(record.series.at("weight_change_error").points.size(), 2u);
  const auto value = [&](const char* name) {
    return record.summary.at(name).value.value();
  };
  EXPECT_EQ(value("largest_change"), 3);
  EXPECT_EQ(value("at_largest"), 10);
  EXPECT_EQ(value("smallest_change"), -1);
  EXPECT_EQ(value("mean_change"), 1);
  EXPECT_EQ(value("data_error"), (2 * 2 + 0) / 2.0);
  EXPECT_EQ(value("largest_miss"), 2);
  EXPECT_EQ(record.summary.at("at_largest").unit, "Hz");
}

TEST(ProtocolCurveTest, WithoutDataItsDistanceIsAbsent) {
  MemoryRecorder record;
  WriteCurve(Window(), {}, record);
  EXPECT_TRUE(record.summary.at("data_error").value.is_absent());
  EXPECT_TRUE(record.summary.at("largest_miss").value.is_absent());
  EXPECT_FALSE(record.series.contains("weight_change_error"));
}

}  // namespace
}  // namespace engram
