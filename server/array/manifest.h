#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/programs/recorder.h"
#include "engram/v1/array.pb.h"
#include "server/array/chunk.h"

namespace engram {

// An array's digest, the 32 bytes of the SHA-256 over
//
//   "engram array 1\n"                          15 bytes
//   type, order, number of dimensions           8 bytes little-endian each,
//   each dimension's length, byte_size            type and order by the numbers
//   number of chunks                              of their proto enums
//   each chunk's digest                         32 bytes each
//
// The unit is not part of it: equal bytes of equal shape are equal arrays.
// These digests are stored with results: the definition never changes.
std::string ArrayDigest(const v1::ArrayManifest& manifest);

// The manifest of `array`, whose bytes were cut into `chunks`.
v1::ArrayManifest MakeManifest(const ArrayView& array,
                               std::span<const Chunk> chunks);

// The manifest of `byte_size` bytes that are no array of the science, a saved
// state say: uint8, of one dimension. `digests` are those of their chunks.
v1::ArrayManifest ManifestOfBytes(int64_t byte_size,
                                  std::span<const std::string> digests);

// What anything from outside must pass before it is stored: type, order and
// shape are known and give byte_size, as many chunks as that needs, digests of
// 32 bytes, and the digest as above. INVALID_ARGUMENT says what is wrong.
absl::Status CheckManifest(const v1::ArrayManifest& manifest);

// Bytes of one element; 0 for ELEMENT_TYPE_UNSPECIFIED.
int64_t ElementBytes(v1::ElementType type);

v1::ElementType ToProto(ElementType type);
v1::ArrayOrder ToProto(ArrayOrder order);
// Of a manifest that has passed CheckManifest.
ElementType FromProto(v1::ElementType type);
ArrayOrder FromProto(v1::ArrayOrder order);

}  // namespace engram
