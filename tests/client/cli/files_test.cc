#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "client/cli/files/dataset_format.h"
#include "client/cli/files/npy.h"
#include "client/cli/files/zip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string TempFile(const std::string& name) {
  return testing::TempDir() + "/" + name;
}

std::string ReadFile(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(stream)), {});
}

template <class T>
T At(const std::string& bytes, size_t place) {
  T value;
  std::memcpy(&value, bytes.data() + place, sizeof(T));
  return value;
}

// Three images of 2 x 2 pixels.
std::string Idx() {
  return std::string("\0\0\x08\x03\0\0\0\x03\0\0\0\x02\0\0\0\x02", 16) +
         std::string(12, '\7');
}

v1::DatasetFormat FormatOf(const std::string& bytes) {
  return FormatOfBytes(bytes.substr(0, 20), static_cast<int64_t>(bytes.size()));
}

TEST(DatasetFormatTest, BytesSayWhatANameDoesNot) {
  EXPECT_EQ(FormatOf(Idx()), v1::DATASET_FORMAT_IDX);
  EXPECT_EQ(FormatOf(Idx().substr(0, 20)), v1::DATASET_FORMAT_IDX);  // cut off
  EXPECT_EQ(FormatOf(NpyHeader("<f8", false, {3})), v1::DATASET_FORMAT_NPY);
}

TEST(DatasetFormatTest, OtherBytesAreRaw) {
  EXPECT_EQ(FormatOf(""), v1::DATASET_FORMAT_RAW);
  EXPECT_EQ(FormatOf("the cat sat on the mat"), v1::DATASET_FORMAT_RAW);
  EXPECT_EQ(FormatOf(Idx().substr(0, 3)), v1::DATASET_FORMAT_RAW);
  EXPECT_EQ(FormatOf(Idx().substr(0, 12)), v1::DATASET_FORMAT_RAW);
  EXPECT_EQ(FormatOf(Idx() + "more"), v1::DATASET_FORMAT_RAW);
  for (const size_t at : {0, 1, 2, 3}) {  // the magic number
    std::string other = Idx();
    other[at] = '\x7';
    EXPECT_EQ(FormatOf(other), v1::DATASET_FORMAT_RAW) << at;
  }
  std::string huge = Idx();
  huge.replace(4, 8, 8, '\xff');
  EXPECT_EQ(FormatOf(huge), v1::DATASET_FORMAT_RAW);
}

TEST(DatasetFormatTest, ANameAndAWordGoFirst) {
  const std::string file = TempFile("images.bin");
  std::ofstream(file, std::ios::binary) << Idx();
  EXPECT_EQ(FormatOfFile(file, ""), v1::DATASET_FORMAT_IDX);
  EXPECT_EQ(FormatOfFile(file, "raw"), v1::DATASET_FORMAT_RAW);
  EXPECT_EQ(FormatOfFile("a.CSV", ""), v1::DATASET_FORMAT_CSV);
  EXPECT_EQ(FormatOfFile("t10k-images.idx3-ubyte.gz", ""),
            v1::DATASET_FORMAT_IDX);
  EXPECT_EQ(FormatOfFile("nowhere", ""), v1::DATASET_FORMAT_RAW);
}

TEST(NpyTest, AHeaderIsWhatNumpyWrites) {
  const std::string header = NpyHeader("<f8", true, {100, 200});
  EXPECT_EQ(header.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_EQ(header.size() % 64, 0);
  EXPECT_EQ(At<uint16_t>(header, 8), header.size() - 10);
  EXPECT_THAT(header.substr(10),
              StartsWith("{'descr': '<f8', 'fortran_order': True, 'shape': "
                         "(100, 200), }"));
  EXPECT_THAT(header, EndsWith("\n"));
}

TEST(NpyTest, AVectorHasOneDimensionAndAScalarNone) {
  EXPECT_THAT(NpyHeader("<i8", false, {3}), HasSubstr("'shape': (3,)"));
  EXPECT_THAT(NpyHeader("<i8", false, {}), HasSubstr("'shape': ()"));
}

TEST(NpyTest, AnArrayKeepsItsOrder) {
  v1::ArrayManifest manifest;
  manifest.set_type(v1::ELEMENT_TYPE_FLOAT32);
  manifest.set_order(v1::ARRAY_ORDER_COLUMN_MAJOR);
  manifest.add_shape(2);
  manifest.add_shape(3);
  const auto header = NpyHeaderOf(manifest);
  ASSERT_TRUE(header.ok());
  EXPECT_THAT(*header, HasSubstr("'<f4', 'fortran_order': True"));
  manifest.set_type(v1::ELEMENT_TYPE_UNSPECIFIED);
  EXPECT_FALSE(NpyHeaderOf(manifest).ok());
}

TEST(NpyTest, AbsentNumbersAreNaN) {
  const std::string npy =
      NpyOf(std::vector<std::optional<double>>{1.5, std::nullopt});
  EXPECT_EQ(At<double>(npy, npy.size() - 16), 1.5);
  const double absent = At<double>(npy, npy.size() - 8);
  EXPECT_NE(absent, absent);
}

TEST(NpyTest, TextsAreUtf32OfOneLength) {
  const std::string npy = NpyOf(std::vector<std::string>{"a", "τβ"});
  EXPECT_THAT(npy, HasSubstr("'descr': '<U2'"));
  EXPECT_EQ(At<uint32_t>(npy, npy.size() - 16), uint32_t{'a'});
  EXPECT_EQ(At<uint32_t>(npy, npy.size() - 12), 0u);
  EXPECT_EQ(At<uint32_t>(npy, npy.size() - 8), 0x3C4u);
}

TEST(ZipTest, TheChecksumIsThatOfTheStandard) {
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926u);
  EXPECT_EQ(Crc32(""), 0u);
}

TEST(ZipTest, EntriesAreStoredAndListed) {
  const std::string file = TempFile("stored.zip");
  auto zip = ZipWriter::Open(file);
  ASSERT_TRUE(zip.ok());
  ASSERT_TRUE(zip->Add("a.npy", "12345").ok());
  ASSERT_TRUE(zip->Add("b/c.npy", "xyz").ok());
  ASSERT_TRUE(zip->Finish().ok());
  const std::string bytes = ReadFile(file);
  EXPECT_EQ(At<uint32_t>(bytes, 0), 0x04034B50u);
  EXPECT_EQ(bytes.substr(30, 10), "a.npy12345");
  const size_t end = bytes.size() - 22;
  EXPECT_EQ(At<uint32_t>(bytes, end), 0x06054B50u);
  EXPECT_EQ(At<uint16_t>(bytes, end + 10), 2);
  const auto directory = At<uint32_t>(bytes, end + 16);
  EXPECT_EQ(At<uint32_t>(bytes, directory), 0x02014B50u);
  EXPECT_EQ(At<uint32_t>(bytes, directory + 16), Crc32("12345"));
  EXPECT_EQ(directory + At<uint32_t>(bytes, end + 12), end);
  std::filesystem::remove(file);
}

TEST(ZipTest, AnUnfinishedArchiveLeavesNothingBehind) {
  const std::string file = TempFile("unfinished.zip");
  {
    auto zip = ZipWriter::Open(file);
    ASSERT_TRUE(zip.ok());
    ASSERT_TRUE(zip->Add("a", "b").ok());
  }
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
}

TEST(ZipTest, AFolderThatIsNotThereIsSaid) {
  const auto zip = ZipWriter::Open("/nonexistent/a.npz");
  EXPECT_THAT(zip.status().message(), HasSubstr("/nonexistent/a.npz"));
}

}  // namespace
}  // namespace engram::cli
