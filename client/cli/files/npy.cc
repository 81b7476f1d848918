#include "client/cli/files/npy.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace engram::cli {
namespace {

// Numbers are written as they lie in memory.
static_assert(std::endian::native == std::endian::little);

constexpr size_t kAlignment = 64;
constexpr char kMagic[] = "\x93NUMPY\x01";  // and a zero, for version 1.0

std::string Shape(const std::vector<int64_t>& shape) {
  if (shape.size() == 1) return absl::StrCat("(", shape[0], ",)");
  return absl::StrCat("(", absl::StrJoin(shape, ", "), ")");
}

template <class T>
std::string Vector(const std::string& descr, const std::vector<T>& values) {
  std::string text =
      NpyHeader(descr, false, {static_cast<int64_t>(values.size())});
  if (!values.empty()) {
    text.append(reinterpret_cast<const char*>(values.data()),
                values.size() * sizeof(T));
  }
  return text;
}

std::u32string CodePoints(const std::string& utf8) {
  std::u32string points;
  for (size_t at = 0; at < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const size_t length = lead < 0x80   ? 1
                          : lead < 0xE0 ? 2
                          : lead < 0xF0 ? 3
                                        : 4;
    char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length && at + i < utf8.size(); ++i) {
      point = (point << 6) | (static_cast<unsigned char>(utf8[at + i]) & 0x3FU);
    }
    points.push_back(point);
    at += length;
  }
  return points;
}

}  // namespace

std::string NpyHeader(const std::string& descr, bool fortran_order,
                      const std::vector<int64_t>& shape) {
  std::string header =
      absl::StrCat("{'descr': '", descr,
                   "', 'fortran_order': ", fortran_order ? "True" : "False",
                   ", 'shape': ", Shape(shape), ", }");
  constexpr size_t kBefore = 10;  // magic, version, length
  const size_t used = kBefore + header.size() + 1;
  header.append((kAlignment - used % kAlignment) % kAlignment, ' ');
  header += '\n';
  std::string text(kMagic, sizeof(kMagic));
  text += static_cast<char>(header.size() & 0xFF);
  text += static_cast<char>(header.size() >> 8);
  return text + header;
}

absl::StatusOr<std::string> NpyHeaderOf(const v1::ArrayManifest& manifest) {
  std::string descr;
  switch (manifest.type()) {
    case v1::ELEMENT_TYPE_FLOAT64:
      descr = "<f8";
      break;
    case v1::ELEMENT_TYPE_FLOAT32:
      descr = "<f4";
      break;
    case v1::ELEMENT_TYPE_INT64:
      descr = "<i8";
      break;
    case v1::ELEMENT_TYPE_INT32:
      descr = "<i4";
      break;
    case v1::ELEMENT_TYPE_UINT8:
      descr = "|u1";
      break;
    default:
      return absl::UnimplementedError(absl::StrCat(
          "array of element type ", static_cast<int>(manifest.type()),
          ", which this client does not know; update it"));
  }
  return NpyHeader(descr, manifest.order() == v1::ARRAY_ORDER_COLUMN_MAJOR,
                   {manifest.shape().begin(), manifest.shape().end()});
}

std::string NpyOf(const std::vector<std::optional<double>>& values) {
  std::vector<double> plain;
  for (const auto& value : values) {
    plain.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return NpyOf(plain);
}

std::string NpyOf(const std::vector<double>& values) {
  return Vector("<f8", values);
}

std::string NpyOf(const std::vector<int64_t>& values) {
  return Vector("<i8", values);
}

std::string NpyOf(const std::vector<std::string>& texts) {
  std::vector<std::u32string> points;
  size_t longest = 1;
  for (const std::string& text : texts) {
    points.push_back(CodePoints(text));
    longest = std::max(longest, points.back().size());
  }
  std::string result = NpyHeader(absl::StrCat("<U", longest), false,
                                 {static_cast<int64_t>(texts.size())});
  for (std::u32string& text : points) {
    text.resize(longest);
    result.append(reinterpret_cast<const char*>(text.data()),
                  longest * sizeof(char32_t));
  }
  return result;
}

}  // namespace engram::cli
