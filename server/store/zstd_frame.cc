#include "server/store/zstd_frame.h"

#include <zstd.h>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"

namespace engram::store {
namespace {

// Texts of a run are short and made by the thousand.
constexpr int kLikeLevel = 3;

absl::Status Damaged(absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat("compressed bytes cannot be read: ", why));
}

// Bytes to hold the frame's content.
absl::StatusOr<std::string> RoomFor(absl::string_view frame,
                                    int64_t max_bytes) {
  const unsigned long long size =
      ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
    return Damaged("not a zstd frame that says its size");
  if (size > static_cast<unsigned long long>(max_bytes))
    return Damaged(absl::StrCat("they hold ", size, " bytes, at most ",
                                max_bytes, " are allowed"));
  return std::string(static_cast<size_t>(size), '\0');
}

absl::StatusOr<std::string> Checked(std::string plain, size_t result) {
  if (ZSTD_isError(result)) return Damaged(ZSTD_getErrorName(result));
  if (result != plain.size()) return Damaged("they end too early");
  return plain;
}

}  // namespace

std::string Compress(absl::string_view plain, int level) {
  std::string frame(ZSTD_compressBound(plain.size()), '\0');
  const size_t size = ZSTD_compress(frame.data(), frame.size(), plain.data(),
                                    plain.size(), level);
  ENGRAM_EXPECT(!ZSTD_isError(size));
  frame.resize(size);
  return frame;
}

absl::StatusOr<std::string> Decompress(absl::string_view frame,
                                       int64_t max_bytes) {
  absl::StatusOr<std::string> plain = RoomFor(frame, max_bytes);
  if (!plain.ok()) return plain;
  const size_t result =
      ZSTD_decompress(plain->data(), plain->size(), frame.data(), frame.size());
  return Checked(*std::move(plain), result);
}

LikeCompressor::LikeCompressor(absl::string_view like)
    : context_(ZSTD_createCCtx()),
      dictionary_(ZSTD_createCDict(like.data(), like.size(), kLikeLevel)) {}

LikeCompressor::~LikeCompressor() = default;

void LikeCompressor::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}
void LikeCompressor::Free::operator()(ZSTD_CDict_s* dictionary) const {
  ZSTD_freeCDict(dictionary);
}

std::string LikeCompressor::Compress(absl::string_view plain) {
  std::string frame(ZSTD_compressBound(plain.size()), '\0');
  const size_t size =
      ZSTD_compress_usingCDict(context_.get(), frame.data(), frame.size(),
                               plain.data(), plain.size(), dictionary_.get());
  ENGRAM_EXPECT(!ZSTD_isError(size));
  frame.resize(size);
  return frame;
}

absl::StatusOr<std::string> DecompressLike(absl::string_view frame,
                                           absl::string_view like,
                                           int64_t max_bytes) {
  absl::StatusOr<std::string> plain = RoomFor(frame, max_bytes);
  if (!plain.ok()) return plain;
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(
      ZSTD_createDCtx(), &ZSTD_freeDCtx);
  const size_t result = ZSTD_decompress_usingDict(
      context.get(), plain->data(), plain->size(), frame.data(), frame.size(),
      like.data(), like.size());
  return Checked(*std::move(plain), result);
}

}  // namespace engram::store
