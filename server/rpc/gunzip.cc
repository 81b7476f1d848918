#include "server/rpc/gunzip.h"

#include <zlib.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/rpc/size_text.h"

namespace engram {
namespace {

constexpr absl::string_view kMagic = "\x1f\x8b";
constexpr size_t kPiece = size_t{1} << 20;
// The largest window, and gzip's wrapper alone.
constexpr int kGzipWindow = 15 + 16;

absl::Status Damaged(absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat("gzip: ", message,
                   "; fetch the file again, or gunzip it and upload what that "
                   "gives"));
}

class Inflater {
 public:
  Inflater(int64_t most, TakeElements take)
      : most_(most), take_(take), out_(kPiece, '\0') {
    ENGRAM_EXPECT(inflateInit2(&stream_, kGzipWindow) == Z_OK);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  absl::Status Add(absl::string_view packed) {
    stream_.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    do {
      if (has_ended_) Begin();
      const absl::Status given = Step();
      if (!given.ok()) return given;
      // A full piece may have left more behind.
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return absl::OkStatus();
  }

  absl::Status Finish() const {
    return has_ended_ ? absl::OkStatus()
                      : Damaged(absl::StrCat("the file is cut off after ",
                                             given_, " bytes unpacked"));
  }

 private:
  // The next member.
  void Begin() {
    if (stream_.avail_in == 0) return;
    ENGRAM_EXPECT(inflateReset(&stream_) == Z_OK);
    has_ended_ = false;
  }

  absl::Status Step() {
    stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
    stream_.avail_out = static_cast<uInt>(out_.size());
    if (has_ended_) return absl::OkStatus();
    const int outcome = inflate(&stream_, Z_NO_FLUSH);
    // No progress: all that came is used up.
    if (outcome == Z_BUF_ERROR) return absl::OkStatus();
    if (outcome != Z_OK && outcome != Z_STREAM_END) {
      return Damaged(
          absl::StrCat(stream_.msg == nullptr ? "damaged" : stream_.msg,
                       " after ", given_, " bytes unpacked"));
    }
    has_ended_ = outcome == Z_STREAM_END;
    return Give(out_.size() - stream_.avail_out);
  }

  absl::Status Give(size_t bytes) {
    given_ += static_cast<int64_t>(bytes);
    if (given_ > most_) {
      return absl::InvalidArgumentError(
          absl::StrCat("gzip: it unpacks to more than ", SizeText(most_),
                       ", the most that is taken"));
    }
    if (bytes == 0) return absl::OkStatus();
    return take_(absl::string_view(out_.data(), bytes));
  }

  const int64_t most_;
  const TakeElements take_;
  std::string out_;
  z_stream stream_ = {};
  int64_t given_ = 0;
  bool has_ended_ = false;  // of the present member
};

}  // namespace

absl::StatusOr<bool> IsGzip(const FileBytes& file) {
  const auto start = file.Read(0, static_cast<int64_t>(kMagic.size()));
  if (!start.ok()) return start.status();
  return *start == kMagic;
}

absl::Status Gunzip(const FileBytes& file, int64_t most, TakeElements take) {
  Inflater inflater(most, take);
  const absl::Status read = ForEachPiece(
      file, 0, [&](absl::string_view packed) { return inflater.Add(packed); });
  return read.ok() ? inflater.Finish() : read;
}

}  // namespace engram
