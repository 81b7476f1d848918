#include "server/array/npy.h"

#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr absl::string_view kMagic("\x93NUMPY", 6);
constexpr int64_t kMostElements = int64_t{1} << 40;

absl::Status Wrong(size_t byte, absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat("NPY, byte ", byte, ": ", message));
}

uint32_t LittleEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = bytes.size(); i > 0; --i) {
    value = value << 8 | static_cast<uint8_t>(bytes[i - 1]);
  }
  return value;
}

struct Header {
  absl::string_view text;
  size_t begin = 0;
};

absl::StatusOr<Header> HeaderOf(absl::string_view file) {
  if (!absl::StartsWith(file, kMagic) || file.size() < 10) {
    return Wrong(0,
                 "a file of numpy.save begins with \\x93NUMPY and a "
                 "version; this one does not");
  }
  const int version = file[6];
  if (version < 1 || version > 3) {
    return Wrong(
        6, absl::StrCat("version ", version, "; versions 1 to 3 can be read"));
  }
  const size_t width = version == 1 ? 2 : 4;
  const size_t begin = 8 + width;
  const size_t length =
      file.size() < begin ? 0 : LittleEndian(file.substr(8, width));
  if (length == 0 || file.size() - begin < length) {
    return Wrong(8, "the file ends within its header");
  }
  return Header{file.substr(begin, length), begin};
}

// The text after a key of the header's Python dict, from its value on.
absl::StatusOr<absl::string_view> ValueOf(const Header& header,
                                          absl::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::string quoted =
        absl::StrCat(std::string(1, quote), key, std::string(1, quote));
    const size_t at = header.text.find(quoted);
    if (at == absl::string_view::npos) continue;
    absl::string_view rest = absl::StripLeadingAsciiWhitespace(
        header.text.substr(at + quoted.size()));
    if (absl::ConsumePrefix(&rest, ":")) {
      return absl::StripLeadingAsciiWhitespace(rest);
    }
  }
  return Wrong(header.begin, absl::StrCat("the header has no ", key));
}

absl::StatusOr<ElementType> TypeOf(const Header& header) {
  static const auto* const types = new std::map<std::string, ElementType>{
      {"<f8", ElementType::kFloat64}, {"<f4", ElementType::kFloat32},
      {"<i8", ElementType::kInt64},   {"<i4", ElementType::kInt32},
      {"|u1", ElementType::kUint8},   {"<u1", ElementType::kUint8}};
  auto value = ValueOf(header, "descr");
  if (!value.ok()) return value.status();
  const std::vector<absl::string_view> parts =
      absl::StrSplit(*value, absl::ByAnyChar("'\""));
  const std::string name(parts.size() > 1 && parts[0].empty() ? parts[1] : "");
  const auto found = types->find(name);
  if (found != types->end()) return found->second;
  return Wrong(header.begin,
               absl::StrCat("elements of type '", name,
                            "'; float64, float32, int64, int32 (little-endian) "
                            "and uint8 can be read: save "
                            "array.astype('<f8')"));
}

absl::StatusOr<std::vector<int64_t>> ShapeOf(const Header& header) {
  auto value = ValueOf(header, "shape");
  if (!value.ok()) return value.status();
  const size_t end = value->find(')');
  if (!absl::ConsumePrefix(&*value, "(") || end == absl::string_view::npos) {
    return Wrong(header.begin, "the header's shape is no tuple");
  }
  std::vector<int64_t> shape;
  int64_t elements = 1;
  for (absl::string_view part :
       absl::StrSplit(value->substr(0, end - 1), ',')) {
    part = absl::StripAsciiWhitespace(part);
    if (part.empty()) continue;
    int64_t length = 0;
    if (!absl::SimpleAtoi(part, &length) || length < 1 ||
        length > kMostElements / elements) {
      return Wrong(header.begin, absl::StrCat("a dimension of length ", part,
                                              "; lengths are at least 1, and "
                                              "all elements together at most "
                                              "2^40"));
    }
    elements *= length;
    shape.push_back(length);
  }
  return shape;
}

}  // namespace

absl::StatusOr<NpyLayout> ReadNpyHeader(absl::string_view start,
                                        int64_t file_bytes) {
  auto header = HeaderOf(start);
  if (!header.ok()) return header.status();
  auto type = TypeOf(*header);
  if (!type.ok()) return type.status();
  auto shape = ShapeOf(*header);
  if (!shape.ok()) return shape.status();
  auto order = ValueOf(*header, "fortran_order");
  if (!order.ok()) return order.status();
  NpyLayout layout;
  layout.type = *type;
  layout.order = absl::StartsWith(*order, "True") ? ArrayOrder::kColumnMajor
                                                  : ArrayOrder::kRowMajor;
  layout.shape = *std::move(shape);
  layout.begin = static_cast<int64_t>(header->begin + header->text.size());
  const int64_t wanted = ByteSize(layout.type, layout.shape);
  if (file_bytes - layout.begin == wanted) return layout;
  return Wrong(header->begin + header->text.size(),
               absl::StrCat("the header promises ", wanted,
                            " bytes of elements; the file has ",
                            file_bytes - layout.begin));
}

}  // namespace engram
