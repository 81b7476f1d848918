#include "server/worker/input_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "tests/server/worker/stored_array.h"
#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using testing::HasSubstr;

// Two chunks.
const std::vector<double>& Long() {
  static const auto& values = *new std::vector<double>(200'000, 1.5);
  return values;
}

std::vector<double> Numbers(const InputArray& array) {
  std::vector<double> numbers(array.bytes.size() / sizeof(double));
  std::memcpy(numbers.data(), array.bytes.data(), array.bytes.size());
  return numbers;
}

class InputCacheTest : public testing::Test {
 protected:
  std::string Name(const std::vector<double>& values) {
    const v1::ArrayManifest manifest = StoreArray(values, keeper_);
    *assignment_.add_inputs() = manifest;
    return absl::BytesToHexString(manifest.digest());
  }
  absl::StatusOr<std::unique_ptr<Inputs>> Fetch(bool is_stopped = false) {
    return cache_.Fetch(assignment_, [=] { return is_stopped; });
  }
  std::string File(const std::string& digest) const {
    return folder_.path() + "/inputs/" + digest;
  }

  TemporaryFolder folder_;
  FakeKeeper keeper_;
  InputCache cache_{folder_.path(), keeper_, 2'000'000};
  v1::RunAssignment assignment_;
};

TEST_F(InputCacheTest, GivesEveryArrayThatTheAssignmentNames) {
  const std::string three = Name({1, 2, 3});
  const std::string many = Name(Long());
  const std::string none = Name({});
  const auto inputs = Fetch();
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  const auto array = (*inputs)->Get(three);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->type, ElementType::kFloat64);
  EXPECT_EQ(array->order, ArrayOrder::kRowMajor);
  EXPECT_EQ(array->shape, std::vector<int64_t>{3});
  EXPECT_EQ(Numbers(*array), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(Numbers(*(*inputs)->Get(many)), Long());
  EXPECT_TRUE((*inputs)->Get(none)->bytes.empty());
  const std::string other(64, 'a');
  EXPECT_EQ((*inputs)->Get(other).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(InputCacheTest, FetchesWhatItHasNotFetchedYet) {
  const std::string one = Name({1, 2, 3});
  ASSERT_TRUE(Fetch().ok());
  keeper_.fetch_answer = absl::UnavailableError("away");
  const auto again = Fetch();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE((*again)->Get(one).ok());
  Name({4});
  EXPECT_EQ(Fetch().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(InputCacheTest, WhatWasUsedLongestAgoMakesRoom) {
  const std::string first = Name(Long());  // 1.6 MB of 2
  ASSERT_TRUE(Fetch().ok());
  assignment_.clear_inputs();
  const std::string second = Name(std::vector<double>(200'000, 2));
  const auto inputs = Fetch();
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  EXPECT_FALSE(std::filesystem::exists(File(first)));
  EXPECT_TRUE((*inputs)->Get(second).ok());
  EXPECT_EQ(cache_.byte_size(), 1'600'000);
}

TEST_F(InputCacheTest, OneRunsInputsAreAllThereWhateverTheBound) {
  const std::string first = Name(Long());
  const std::string second = Name(std::vector<double>(200'000, 2));
  const auto inputs = Fetch();
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  EXPECT_EQ(Numbers(*(*inputs)->Get(first)), Long());
  EXPECT_TRUE((*inputs)->Get(second).ok());
}

TEST_F(InputCacheTest, WhatTheStoreHasNotIsNotFound) {
  Name({1, 2, 3});
  keeper_.chunks.clear();
  const absl::Status status = Fetch().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("of 24 bytes"));
  EXPECT_EQ(cache_.byte_size(), 0);
}

TEST_F(InputCacheTest, AManifestThatDoesNotFitItsDigestIsRefused) {
  Name({1, 2, 3});
  assignment_.mutable_inputs(0)->set_shape(0, 4);
  EXPECT_EQ(Fetch().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(InputCacheTest, AFileThatWasAlteredIsNoticedAndFetchedAnew) {
  const std::string digest = Name({1, 2, 3});
  const auto inputs = Fetch();
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  std::ofstream(File(digest), std::ios::binary) << std::string(24, 'x');
  EXPECT_EQ((*inputs)->Get(digest).status().code(),
            absl::StatusCode::kDataLoss);
  const auto again = Fetch();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Numbers(*(*again)->Get(digest)), (std::vector<double>{1, 2, 3}));
}

TEST_F(InputCacheTest, StopsBetweenTwoChunks) {
  const std::string digest = Name(Long());
  EXPECT_EQ(Fetch(/*is_stopped=*/true).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(File(digest)));
}

TEST_F(InputCacheTest, AFolderThatCannotBeWrittenIsSaid) {
  Name({1, 2, 3});
  std::ofstream(folder_.path() + "/inputs") << "no folder";
  const absl::Status status = Fetch().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(status.message(), HasSubstr(folder_.path()));
}

}  // namespace
}  // namespace engram
