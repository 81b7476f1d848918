#include "server/rpc/array_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

template <class T>
std::string Raw(std::vector<T> values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// A file as numpy.save writes it, in version 1.
std::string Npy(const std::string& dict, const std::string& elements) {
  std::string header = dict;
  header.resize(118, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + elements;
}

TEST(ReadNpyTest, GivesTypeOrderShapeAndBytes) {
  const std::string elements = Raw<double>({1, 2, 3, 4, 5, 6});
  const auto array = ReadNpy(Npy(
      "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", elements));
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->type, ElementType::kFloat64);
  EXPECT_EQ(array->order, ArrayOrder::kColumnMajor);
  EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 3}));
}

TEST(ReadNpyTest, ReadsAVectorAndAScalar) {
  const std::string file =
      Npy("{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }",
          Raw<int32_t>({7, 8, 9}));
  const auto vector = ReadNpy(file);
  ASSERT_TRUE(vector.ok()) << vector.status();
  EXPECT_EQ(vector->shape, (std::vector<int64_t>{3}));
  EXPECT_EQ(vector->bytes(), Raw<int32_t>({7, 8, 9}));
  const std::string scalar =
      Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "x");
  EXPECT_TRUE(ReadNpy(scalar).ok()) << ReadNpy(scalar).status();
}

TEST(ReadNpyTest, SaysWhatIsWrongAndWhere) {
  const std::string good_dict =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"no numbers", "\\x93NUMPY"},
      {Npy(good_dict, "12345678"), "promises 16 bytes"},
      {Npy("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }",
           "12345678"),
       "'>f8'"},
      {Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", ""),
       "a dimension of length -1"},
      {Npy("{'fortran_order': False, 'shape': (1,), }", "12345678"), "descr"},
      {std::string("\x93NUMPY\x09\x00\x76\x00", 10) + "x", "version 9"},
      {std::string("\x93NUMPY\x01\x00\xff\xff", 10), "within its header"}};
  for (const auto& [file, wanted] : cases) {
    const absl::Status status = ReadNpy(file).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(status.message(), wanted)) << status;
  }
}

TEST(ReadCsvTest, TakesHeaderAndSeparators) {
  for (const char* text : {"1,2\n3,4\n", "a,b\n1,2\n3,4", "1;2\n3;4\n",
                           "1\t2\r\n3\t4\r\n", "\n1, 2\n\n3 ,4\n"}) {
    const auto array = ReadCsv(text);
    ASSERT_TRUE(array.ok()) << array.status();
    EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 2})) << text;
    EXPECT_EQ(array->bytes(), Raw<double>({1, 2, 3, 4})) << text;
  }
}

TEST(ReadCsvTest, SaysWhichCellIsNoNumber) {
  const absl::Status status = ReadCsv("a,b\n1,2\n3,x\n").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "line 3")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "column 2")) << status;
  EXPECT_FALSE(ReadCsv("1,2\n3\n").ok());
  EXPECT_FALSE(ReadCsv("1,nan\n").ok());
  EXPECT_FALSE(ReadCsv("a,b\n").ok());
  EXPECT_FALSE(ReadCsv("").ok());
}

TEST(ReadIdxTest, TurnsBigEndianRound) {
  const std::string file("\0\0\x0c\x01\0\0\0\x02\0\0\0\x01\0\0\x01\0", 16);
  const auto array = ReadIdx(file);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->type, ElementType::kInt32);
  EXPECT_EQ(array->bytes(), Raw<int32_t>({1, 256}));
}

TEST(ReadIdxTest, ReadsImagesOfBytes) {
  const std::string file =
      std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02", 16) + "abcd";
  const auto array = ReadIdx(file);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 1, 2}));
  EXPECT_EQ(array->bytes(), "abcd");
}

TEST(ReadIdxTest, SaysWhatIsWrong) {
  EXPECT_FALSE(ReadIdx("\x1f\x8b").ok());
  EXPECT_FALSE(ReadIdx(std::string("\0\0\x07\x01\0\0\0\x01x", 9)).ok());
  EXPECT_FALSE(ReadIdx(std::string("\0\0\x08\x00", 4)).ok());
  EXPECT_FALSE(ReadIdx(std::string("\0\0\x08\x01\0\0\0\x02x", 9)).ok());
  EXPECT_FALSE(ReadIdx(std::string("\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff"
                                   "\xff",
                                   12))
                   .ok());
}

TEST(ReadRawTest, TakesBytesAsTheyAre) {
  EXPECT_EQ(ReadRaw("abc").shape, (std::vector<int64_t>{3}));
  EXPECT_FALSE(ReadArrayFile(v1::DATASET_FORMAT_UNSPECIFIED, "abc").ok());
}

}  // namespace
}  // namespace engram
