#include "server/worker/folder_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/escaping.h"
#include "tests/server/worker/stored_array.h"
#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using testing::HasSubstr;

// numpy.save of [1., 2.], written by NumPy 1.24's format (NEP 1): magic,
// version 1.0, 118 bytes of header, elements.
std::string TwoNumbers() {
  std::string header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
  header.append(117 - header.size(), ' ');
  header += '\n';
  std::string file("\x93NUMPY\x01\x00\x76\x00", 10);
  file += header;
  const double values[] = {1, 2};
  file.append(reinterpret_cast<const char*>(values), sizeof values);
  return file;
}

class FolderInputsTest : public testing::Test {
 protected:
  FolderInputsTest() {
    FakeKeeper keeper;
    digest_ = absl::BytesToHexString(StoreArray({1, 2}, keeper).digest());
  }
  void Write(const std::string& bytes) {
    std::ofstream(folder_.path() + "/" + digest_ + ".npy", std::ios::binary)
        << bytes;
  }
  absl::StatusOr<InputArray> Get() {
    return FolderInputs(folder_.path()).Get(digest_);
  }

  TemporaryFolder folder_;
  std::string digest_;
};

TEST_F(FolderInputsTest, ReadsTheFileThatTheDigestNames) {
  Write(TwoNumbers());
  const auto array = Get();
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->shape, std::vector<int64_t>{2});
  EXPECT_EQ(array->bytes.size(), 16u);
}

TEST_F(FolderInputsTest, OtherBytesThanTheNameSaysAreRefused) {
  std::string altered = TwoNumbers();
  altered.back() ^= 1;
  Write(altered);
  EXPECT_EQ(Get().status().code(), absl::StatusCode::kDataLoss);
  Write("no array");
  EXPECT_EQ(Get().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(FolderInputsTest, WhatIsNotThereIsSaidWithTheWayToGetIt) {
  EXPECT_EQ(Get().status().code(), absl::StatusCode::kNotFound);
  const absl::Status none = FolderInputs("").Get(digest_).status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(none.message(), HasSubstr("engram get RUN --tree --inputs"));
}

}  // namespace
}  // namespace engram
