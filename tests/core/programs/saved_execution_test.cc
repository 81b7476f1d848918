#include "core/programs/saved_execution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <span>
#include <string>

#include "tests/core/programs/small_tree.h"

namespace engram {
namespace {

using testing::HasSubstr;

class FakeInputs final : public Inputs {
 public:
  absl::StatusOr<InputArray> Get(absl::string_view digest) const override {
    const auto found = arrays.find(std::string(digest));
    if (found == arrays.end()) return absl::NotFoundError(std::string(digest));
    return found->second;
  }
  std::map<std::string, InputArray> arrays;
};

InputArray Bytes(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {.type = ElementType::kUint8,
          .order = ArrayOrder::kRowMajor,
          .shape = {std::ssize(text)},
          .bytes = {bytes.begin(), bytes.end()}};
}

// A run that has finished, as its final state is stored.
class SavedExecutionTest : public testing::Test {
 protected:
  SavedExecutionTest() {
    auto made = Execution::Make(SmallTree(), 1, {}, {parallel_, inputs_});
    EXPECT_TRUE(made.ok()) << made.status();
    execution_ = *std::move(made);
    MemoryRecorder record;
    EXPECT_TRUE(execution_->Advance(1000, record, {}).ok());
    EXPECT_TRUE(execution_->Checkpoint(&state_).ok());
    inputs_.arrays["state"] = Bytes(state_);
  }

  ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
  FakeInputs inputs_;
  std::unique_ptr<Execution> execution_;
  std::string state_;
};

TEST_F(SavedExecutionTest, HasEveryArrayAndValueOfTheState) {
  const auto saved = ReadSavedExecution(state_);
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_TRUE(saved->progress.finished);
  EXPECT_EQ(saved->progress.tick, 5);
  EXPECT_EQ(saved->summary.size(), execution_->summary().size());
  EXPECT_EQ(saved->arrays.size(), execution_->StateArrays().size());
}

TEST_F(SavedExecutionTest, GivesEachArrayOfAStateAsTheRunHadIt) {
  ASSERT_FALSE(execution_->StateArrays().empty());
  for (const Execution::NamedArray& wanted : execution_->StateArrays()) {
    const auto array = GetInputArray(inputs_, "state", wanted.path);
    ASSERT_TRUE(array.ok()) << array.status();
    EXPECT_EQ(array->type, wanted.array.type);
    EXPECT_EQ(array->order, wanted.array.order);
    EXPECT_EQ(array->shape, wanted.array.shape);
    EXPECT_TRUE(std::equal(array->bytes.begin(), array->bytes.end(),
                           wanted.array.bytes.begin(),
                           wanted.array.bytes.end()));
  }
}

TEST_F(SavedExecutionTest, AnInputThatIsNoStateIsGivenAsItIs) {
  inputs_.arrays["plain"] = Bytes("engram");
  const auto array = GetInputArray(inputs_, "plain", "rule.weights");
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->bytes.size(), 6u);
}

TEST_F(SavedExecutionTest, SaysWhichArrayWasMeant) {
  const absl::Status status =
      GetInputArray(inputs_, "state", "rule.weight").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("rule.weights"));
}

TEST_F(SavedExecutionTest, AStateThatWasAlteredIsRefused) {
  std::string altered = state_;
  altered[altered.size() / 2] ^= 1;
  inputs_.arrays["state"] = Bytes(altered);
  const absl::Status status =
      GetInputArray(inputs_, "state", "rule.weights").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("altered"));
  EXPECT_FALSE(ReadSavedExecution("engram checkpoint 2\n").ok());
  EXPECT_FALSE(ReadSavedExecution("").ok());
}

}  // namespace
}  // namespace engram
