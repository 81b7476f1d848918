#include "core/programs/memory_recorder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/array.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

TEST(MeasuredTest, WhatIsNotFiniteIsAbsent) {
  EXPECT_EQ(Measured::Of(2.5).value(), 2.5);
  EXPECT_TRUE(Measured::Of(std::nan("")).is_absent());
  EXPECT_TRUE(
      Measured::Of(std::numeric_limits<double>::infinity()).is_absent());
  EXPECT_THROW(Measured::Absent("why").value(), ContractViolation);
  EXPECT_THROW(Measured::Absent(""), ContractViolation);
}

TEST(MemoryRecorderTest, KeepsWhatComes) {
  MemoryRecorder record;
  Array<double> a(2, 3);
  a(1, 2) = 7;
  record.Point({"norm", "1", "trial", "1"}, 1, Measured::Of(3));
  record.Point({"norm", "1", "trial", "1"}, 2, Measured::Absent("none"));
  record.Array("rule.weights", -1, ViewOf(a, "1"));
  record.Summary("length", "1", Measured::Of(4));
  record.Log(LogLevel::kWarning, "careful");
  EXPECT_EQ(record.series.at("norm").points.size(), 2u);
  const StoredArray& stored = record.arrays.at({"rule.weights", -1});
  EXPECT_EQ(stored.shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(stored.Doubles()[5], 7);
  EXPECT_EQ(record.summary.at("length").value.value(), 4);
  EXPECT_EQ(record.log, (std::vector<std::string>{"warning: careful"}));
}

TEST(MemoryRecorderTest, RefusesWhatNoRecorderMayBeGiven) {
  MemoryRecorder record;
  record.Point({"norm", "1", "trial", "1"}, 2, Measured::Of(3));
  EXPECT_THROW(record.Point({"norm", "1", "trial", "1"}, 2, Measured::Of(3)),
               ContractViolation);
  record.Summary("length", "1", Measured::Of(4));
  EXPECT_THROW(record.Summary("length", "1", Measured::Of(4)),
               ContractViolation);
  const Array<double> a(2);
  ArrayView cut = ViewOf(a, "1");
  cut.bytes = cut.bytes.first(8);
  EXPECT_THROW(record.Array("a", 0, cut), ContractViolation);
}

}  // namespace
}  // namespace engram
