#include "client/cli/files/dataset_format.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace engram::cli {
namespace {

constexpr size_t kMostDimensions = 4;
constexpr size_t kHeader = 4;

// MNIST's files end in -images-idx3-ubyte, some copies of them in
// -images.idx3-ubyte.
bool IsNamedAsMnist(absl::string_view name) {
  return absl::EndsWith(name, "-ubyte") && absl::StrContains(name, "idx");
}

v1::DatasetFormat FormatOfWord(const std::string& word) {
  if (word == "npy") return v1::DATASET_FORMAT_NPY;
  if (word == "csv" || word == "tsv") return v1::DATASET_FORMAT_CSV;
  if (word == "idx" || word == "ubyte") return v1::DATASET_FORMAT_IDX;
  return v1::DATASET_FORMAT_RAW;
}

// Bytes of an element of the third byte of IDX's magic number; 0 for none.
int64_t IdxElement(char type) {
  switch (type) {
    case 0x08:
    case 0x09:
      return 1;
    case 0x0B:
      return 2;
    case 0x0C:
    case 0x0D:
      return 4;
    case 0x0E:
      return 8;
    default:
      return 0;
  }
}

int64_t BigEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

bool IsIdx(absl::string_view first, int64_t size) {
  if (first.size() < kHeader || first[0] != 0 || first[1] != 0) return false;
  const auto dimensions = static_cast<size_t>(static_cast<uint8_t>(first[3]));
  const size_t header = kHeader + 4 * dimensions;
  if (dimensions < 1 || dimensions > kMostDimensions || first.size() < header) {
    return false;
  }
  int64_t bytes = IdxElement(first[2]);
  if (bytes == 0) return false;
  for (size_t d = 0; d < dimensions; ++d) {
    const int64_t extent = BigEndian(first.substr(kHeader + 4 * d, 4));
    // Beyond this it is no file that anybody has, and the product overflows.
    if (extent == 0 || extent > (int64_t{1} << 40) / bytes) return false;
    bytes *= extent;
  }
  return static_cast<int64_t>(header) + bytes >= size;
}

v1::DatasetFormat FormatWithin(const std::string& file) {
  std::array<char, kHeader + 4 * kMostDimensions> first{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(first.data(), first.size());
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return v1::DATASET_FORMAT_RAW;
  return FormatOfBytes({first.data(), static_cast<size_t>(stream.gcount())},
                       static_cast<int64_t>(size));
}

}  // namespace

std::filesystem::path UnpackedName(const std::string& file) {
  const std::filesystem::path name = std::filesystem::path(file).filename();
  return name.extension() == ".gz" ? name.stem() : name;
}

v1::DatasetFormat FormatOfBytes(absl::string_view first, int64_t size) {
  if (absl::StartsWith(first, "\x93NUMPY")) return v1::DATASET_FORMAT_NPY;
  return IsIdx(first, size) ? v1::DATASET_FORMAT_IDX : v1::DATASET_FORMAT_RAW;
}

v1::DatasetFormat FormatOfFile(const std::string& file,
                               const std::string& format) {
  if (!format.empty()) return FormatOfWord(absl::AsciiStrToLower(format));
  const std::filesystem::path name = UnpackedName(file);
  if (IsNamedAsMnist(name.string())) return v1::DATASET_FORMAT_IDX;
  std::string ending = name.extension().string();
  if (!ending.empty()) ending.erase(0, 1);
  const v1::DatasetFormat named = FormatOfWord(absl::AsciiStrToLower(ending));
  return named == v1::DATASET_FORMAT_RAW ? FormatWithin(file) : named;
}

}  // namespace engram::cli
