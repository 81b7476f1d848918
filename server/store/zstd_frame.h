#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct ZSTD_CCtx_s;
struct ZSTD_CDict_s;

namespace engram::store {

// One zstd frame that says its own size.
std::string Compress(absl::string_view plain, int level);
// DATA_LOSS: not a frame, damaged, or over `max_bytes`.
absl::StatusOr<std::string> Decompress(absl::string_view frame,
                                       int64_t max_bytes);

// Compresses many texts that are like one other text (runs of one experiment)
// to little more than what sets them apart.
class LikeCompressor {
 public:
  explicit LikeCompressor(absl::string_view like);
  ~LikeCompressor();
  std::string Compress(absl::string_view plain);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
    void operator()(ZSTD_CDict_s* dictionary) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::unique_ptr<ZSTD_CDict_s, Free> dictionary_;
};

absl::StatusOr<std::string> DecompressLike(absl::string_view frame,
                                           absl::string_view like,
                                           int64_t max_bytes);

}  // namespace engram::store
