#include "server/rpc/array_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/server/rpc/text_file.h"

namespace engram {
namespace {

template <class T>
std::string Raw(std::vector<T> values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

struct WholeArray {
  ElementType type;
  ArrayOrder order;
  std::vector<int64_t> shape;
  std::string elements;
};

absl::StatusOr<WholeArray> Read(v1::DatasetFormat format,
                                const std::string& text) {
  std::string elements;
  const auto facts =
      ReadArrayFile(format, TextFile(text), [&](absl::string_view some) {
        elements.append(some.data(), some.size());
        return absl::OkStatus();
      });
  if (!facts.ok()) return facts.status();
  return WholeArray{facts->type, facts->order, facts->shape, elements};
}
absl::StatusOr<WholeArray> Npy(const std::string& text) {
  return Read(v1::DATASET_FORMAT_NPY, text);
}
absl::StatusOr<WholeArray> Csv(const std::string& text) {
  return Read(v1::DATASET_FORMAT_CSV, text);
}
absl::StatusOr<WholeArray> Idx(const std::string& text) {
  return Read(v1::DATASET_FORMAT_IDX, text);
}

// A file as numpy.save writes it, in version 1.
std::string NpyFile(const std::string& dict, const std::string& elements) {
  std::string header = dict;
  header.resize(118, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + elements;
}

TEST(ReadNpyTest, GivesTypeOrderShapeAndBytes) {
  const std::string elements = Raw<double>({1, 2, 3, 4, 5, 6});
  const auto array = Npy(NpyFile(
      "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", elements));
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->type, ElementType::kFloat64);
  EXPECT_EQ(array->order, ArrayOrder::kColumnMajor);
  EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 3}));
}

TEST(ReadNpyTest, ReadsAVectorAndAScalar) {
  const std::string file =
      NpyFile("{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }",
              Raw<int32_t>({7, 8, 9}));
  const auto vector = Npy(file);
  ASSERT_TRUE(vector.ok()) << vector.status();
  EXPECT_EQ(vector->shape, (std::vector<int64_t>{3}));
  EXPECT_EQ(vector->elements, Raw<int32_t>({7, 8, 9}));
  const std::string scalar =
      NpyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "x");
  EXPECT_TRUE(Npy(scalar).ok()) << Npy(scalar).status();
}

TEST(ReadNpyTest, SaysWhatIsWrongAndWhere) {
  const std::string good_dict =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"no numbers", "\\x93NUMPY"},
      {NpyFile(good_dict, "12345678"), "promises 16 bytes"},
      {NpyFile("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }",
               "12345678"),
       "'>f8'"},
      {NpyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
               ""),
       "a dimension of length -1"},
      {NpyFile("{'fortran_order': False, 'shape': (1,), }", "12345678"),
       "descr"},
      {std::string("\x93NUMPY\x09\x00\x76\x00", 10) + "x", "version 9"},
      {std::string("\x93NUMPY\x01\x00\xff\xff", 10), "within its header"}};
  for (const auto& [file, wanted] : cases) {
    const absl::Status status = Npy(file).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(status.message(), wanted)) << status;
  }
}

TEST(ReadCsvTest, TakesHeaderAndSeparators) {
  for (const char* text : {"1,2\n3,4\n", "a,b\n1,2\n3,4", "1;2\n3;4\n",
                           "1\t2\r\n3\t4\r\n", "\n1, 2\n\n3 ,4\n"}) {
    const auto array = Csv(text);
    ASSERT_TRUE(array.ok()) << array.status();
    EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 2})) << text;
    EXPECT_EQ(array->elements, Raw<double>({1, 2, 3, 4})) << text;
  }
}

// Rows and elements lie across the pieces in which a file is read.
TEST(ReadCsvTest, ALongTableIsReadAPieceAtATime) {
  std::string text;
  std::vector<double> values;
  for (int i = 0; i < 300'000; ++i) {
    absl::StrAppend(&text, i, ",", 0.5, "\n");
    values.push_back(i);
    values.push_back(0.5);
  }
  ASSERT_GT(text.size(), size_t{2} << 20);
  const auto array = Csv(text);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->shape, (std::vector<int64_t>{300'000, 2}));
  EXPECT_EQ(array->elements, Raw(values));
  EXPECT_TRUE(
      absl::StrContains(Csv(text + "1,x").status().message(), "line 300001"));
}

TEST(ReadCsvTest, ALineWithoutEndIsRefused) {
  const std::string text((size_t{17} << 20), '1');
  EXPECT_TRUE(absl::StrContains(Csv(text).status().message(),
                                "line 1: it is longer than"));
}

TEST(ReadCsvTest, SaysWhichCellIsNoNumber) {
  const absl::Status status = Csv("a,b\n1,2\n3,x\n").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "line 3")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "column 2")) << status;
  EXPECT_FALSE(Csv("1,2\n3\n").ok());
  EXPECT_FALSE(Csv("1,nan\n").ok());
  EXPECT_FALSE(Csv("a,b\n").ok());
  EXPECT_FALSE(Csv("").ok());
}

TEST(ReadIdxTest, TurnsBigEndianRound) {
  const std::string file("\0\0\x0c\x01\0\0\0\x02\0\0\0\x01\0\0\x01\0", 16);
  const auto array = Idx(file);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->type, ElementType::kInt32);
  EXPECT_EQ(array->elements, Raw<int32_t>({1, 256}));
}

TEST(ReadIdxTest, TurnsEveryPieceRound) {
  constexpr uint32_t kLength = 300'000;
  std::string file("\0\0\x0c\x01\0\x04\x93\xe0", 8);  // 300,000 of int32
  std::vector<int32_t> values;
  for (uint32_t i = 0; i < kLength; ++i) {
    for (const int shift : {24, 16, 8, 0}) {
      file.push_back(static_cast<char>((i >> shift) & 0xff));
    }
    values.push_back(static_cast<int32_t>(i));
  }
  const auto array = Idx(file);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->elements, Raw(values));
}

TEST(ReadIdxTest, ReadsImagesOfBytes) {
  const std::string file =
      std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02", 16) + "abcd";
  const auto array = Idx(file);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 1, 2}));
  EXPECT_EQ(array->elements, "abcd");
}

TEST(ReadIdxTest, SaysWhatIsWrong) {
  EXPECT_FALSE(Idx("\x1f\x8b").ok());
  EXPECT_FALSE(Idx(std::string("\0\0\x07\x01\0\0\0\x01x", 9)).ok());
  EXPECT_FALSE(Idx(std::string("\0\0\x08\x00", 4)).ok());
  EXPECT_FALSE(Idx(std::string("\0\0\x08\x01\0\0\0\x02x", 9)).ok());
  EXPECT_FALSE(Idx(std::string("\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff"
                               "\xff",
                               12))
                   .ok());
}

TEST(ReadRawTest, TakesBytesAsTheyAre) {
  const auto array = Read(v1::DATASET_FORMAT_RAW, "abc");
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->shape, (std::vector<int64_t>{3}));
  EXPECT_EQ(array->elements, "abc");
  EXPECT_FALSE(Read(v1::DATASET_FORMAT_UNSPECIFIED, "abc").ok());
}

}  // namespace
}  // namespace engram
