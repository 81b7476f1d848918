#include "server/array/manifest.h"

#include <array>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"

namespace engram {
namespace {

void AppendLittleEndian(int64_t number, std::string& out) {
  const uint64_t bits = static_cast<uint64_t>(number);
  for (int shift = 0; shift < 64; shift += 8) {
    out.push_back(static_cast<char>((bits >> shift) & 0xff));
  }
}

absl::Status Invalid(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("an array's manifest ", what));
}

// Bytes that type and shape make; an error when they overflow.
absl::StatusOr<int64_t> BytesOfShape(const v1::ArrayManifest& manifest) {
  int64_t bytes = ElementBytes(manifest.type());
  for (const int64_t length : manifest.shape()) {
    if (length < 0) {
      return Invalid(absl::StrCat("has a dimension of length ", length));
    }
    if (__builtin_mul_overflow(bytes, length, &bytes)) {
      return Invalid("has a shape of more than 2^63 bytes");
    }
  }
  return bytes;
}

absl::Status CheckChunks(const v1::ArrayManifest& manifest) {
  const int64_t wanted = manifest.byte_size() / kChunkBytes +
                         (manifest.byte_size() % kChunkBytes == 0 ? 0 : 1);
  if (manifest.chunks_size() != wanted) {
    return Invalid(absl::StrCat("names ", manifest.chunks_size(), " chunks; ",
                                manifest.byte_size(), " bytes make ", wanted));
  }
  for (const std::string& digest : manifest.chunks()) {
    if (digest.size() != kDigestBytes) {
      return Invalid(absl::StrCat("names a chunk by ", digest.size(),
                                  " bytes; a digest has ", kDigestBytes));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string ArrayDigest(const v1::ArrayManifest& manifest) {
  std::string text = "engram array 1\n";
  AppendLittleEndian(manifest.type(), text);
  AppendLittleEndian(manifest.order(), text);
  AppendLittleEndian(manifest.shape_size(), text);
  for (const int64_t length : manifest.shape()) {
    AppendLittleEndian(length, text);
  }
  AppendLittleEndian(manifest.byte_size(), text);
  AppendLittleEndian(manifest.chunks_size(), text);
  for (const std::string& digest : manifest.chunks()) text += digest;
  const std::array<uint8_t, kDigestBytes> digest = Sha256(text);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

v1::ArrayManifest MakeManifest(const ArrayView& array,
                               std::span<const Chunk> chunks) {
  v1::ArrayManifest manifest;
  manifest.set_type(ToProto(array.type));
  manifest.set_order(ToProto(array.order));
  for (const int64_t length : array.shape) manifest.add_shape(length);
  manifest.set_unit(array.unit);
  manifest.set_byte_size(static_cast<int64_t>(array.bytes.size()));
  for (const Chunk& chunk : chunks) manifest.add_chunks(chunk.digest);
  manifest.set_digest(ArrayDigest(manifest));
  return manifest;
}

v1::ArrayManifest ManifestOfBytes(int64_t byte_size,
                                  std::span<const std::string> digests) {
  v1::ArrayManifest manifest;
  manifest.set_type(v1::ELEMENT_TYPE_UINT8);
  manifest.set_order(v1::ARRAY_ORDER_ROW_MAJOR);
  manifest.add_shape(byte_size);
  manifest.set_unit("1");
  manifest.set_byte_size(byte_size);
  for (const std::string& digest : digests) manifest.add_chunks(digest);
  manifest.set_digest(ArrayDigest(manifest));
  return manifest;
}

absl::Status CheckManifest(const v1::ArrayManifest& manifest) {
  if (ElementBytes(manifest.type()) == 0) {
    return Invalid(absl::StrCat("has the unknown element type ",
                                static_cast<int>(manifest.type())));
  }
  if (manifest.order() != v1::ARRAY_ORDER_ROW_MAJOR &&
      manifest.order() != v1::ARRAY_ORDER_COLUMN_MAJOR) {
    return Invalid(absl::StrCat("has the unknown order ",
                                static_cast<int>(manifest.order())));
  }
  const absl::StatusOr<int64_t> bytes = BytesOfShape(manifest);
  if (!bytes.ok()) return bytes.status();
  if (*bytes != manifest.byte_size()) {
    return Invalid(absl::StrCat("says ", manifest.byte_size(),
                                " bytes; its type and shape make ", *bytes));
  }
  if (absl::Status chunks = CheckChunks(manifest); !chunks.ok()) return chunks;
  const std::string digest = ArrayDigest(manifest);
  if (digest != manifest.digest()) {
    return Invalid(absl::StrCat("has the digest ",
                                absl::BytesToHexString(manifest.digest()),
                                "; type, order, shape and chunks make ",
                                absl::BytesToHexString(digest)));
  }
  return absl::OkStatus();
}

int64_t ElementBytes(v1::ElementType type) {
  switch (type) {
    case v1::ELEMENT_TYPE_FLOAT64:
    case v1::ELEMENT_TYPE_INT64:
      return 8;
    case v1::ELEMENT_TYPE_FLOAT32:
    case v1::ELEMENT_TYPE_INT32:
      return 4;
    case v1::ELEMENT_TYPE_UINT8:
      return 1;
    default:  // proto enums are open: any number may arrive
      return 0;
  }
}

v1::ElementType ToProto(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return v1::ELEMENT_TYPE_FLOAT64;
    case ElementType::kFloat32:
      return v1::ELEMENT_TYPE_FLOAT32;
    case ElementType::kInt64:
      return v1::ELEMENT_TYPE_INT64;
    case ElementType::kInt32:
      return v1::ELEMENT_TYPE_INT32;
    case ElementType::kUint8:
      return v1::ELEMENT_TYPE_UINT8;
  }
  return v1::ELEMENT_TYPE_UNSPECIFIED;
}

v1::ArrayOrder ToProto(ArrayOrder order) {
  switch (order) {
    case ArrayOrder::kRowMajor:
      return v1::ARRAY_ORDER_ROW_MAJOR;
    case ArrayOrder::kColumnMajor:
      return v1::ARRAY_ORDER_COLUMN_MAJOR;
  }
  return v1::ARRAY_ORDER_UNSPECIFIED;
}

ElementType FromProto(v1::ElementType type) {
  for (const ElementType known : {ElementType::kFloat64, ElementType::kFloat32,
                                  ElementType::kInt64, ElementType::kInt32}) {
    if (ToProto(known) == type) return known;
  }
  return ElementType::kUint8;
}

ArrayOrder FromProto(v1::ArrayOrder order) {
  return order == v1::ARRAY_ORDER_ROW_MAJOR ? ArrayOrder::kRowMajor
                                            : ArrayOrder::kColumnMajor;
}

}  // namespace engram
