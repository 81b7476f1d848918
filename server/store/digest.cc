#include "server/store/digest.h"

#include <cstring>

#include "absl/strings/str_cat.h"

namespace engram::store {

absl::StatusOr<Digest> DigestFromBytes(absl::string_view bytes) {
  Digest digest;
  if (bytes.size() != digest.size())
    return absl::InvalidArgumentError(
        absl::StrCat("a digest of ", bytes.size(), " bytes: a SHA-256 has 32"));
  std::memcpy(digest.data(), bytes.data(), digest.size());
  return digest;
}

absl::string_view DigestBytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace engram::store
