#include "server/rpc/upload.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "server/array/chunk.h"
#include "server/rpc/array_file.h"
#include "server/rpc/chunk_sink.h"
#include "server/rpc/datasets.h"
#include "server/rpc/gunzip.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/size_text.h"
#include "server/rpc/spooled_file.h"
#include "server/rpc/status.h"
#include "server/rpc/tags.h"
#include "server/store/store.h"

namespace engram {
namespace {

// The list of its chunks goes in one message.
constexpr int64_t kMostBytes = int64_t{2} << 30;
constexpr int64_t kLeastFreeBytes = int64_t{256} << 20;

absl::Status CheckStart(const v1::UploadDatasetRequest::Start& start) {
  const std::string name = Bare(start.name(), "datasets");
  if (name.find('/') != std::string::npos || !TidyTags({name}).ok()) {
    return BadField("name", absl::StrCat("'", name,
                                         "' is no dataset's name: "
                                         "it has 1 to 64 letters, digits, "
                                         "'-', '_', '.' or ':'"));
  }
  if (start.format() == v1::DATASET_FORMAT_UNSPECIFIED ||
      !v1::DatasetFormat_IsValid(start.format())) {
    return BadField("format", "there are NPY, CSV, IDX and RAW");
  }
  if (start.byte_size() < 1 || start.byte_size() > kMostBytes) {
    return BadField("byte_size",
                    absl::StrCat(start.byte_size(), " is outside [1, ",
                                 kMostBytes, "] bytes"));
  }
  if (start.sha256().size() != kDigestBytes) {
    return BadField("sha256", absl::StrCat("it has ", start.sha256().size(),
                                           " bytes; a SHA-256 has 32"));
  }
  return absl::OkStatus();
}

absl::Status CheckRoom(const v1::UploadDatasetRequest::Start& start,
                       const Parts& parts) {
  // Once in the spool, once in the database.
  const int64_t needed = 2 * start.byte_size() + kLeastFreeBytes;
  const int64_t free = parts.store.FreeDiskBytes();
  if (free >= needed) return absl::OkStatus();
  return QuotaExceeded(
      "disk", absl::StrCat("the disk has ", SizeText(free),
                           " left; this upload needs ", SizeText(needed)));
}

absl::Status CheckNew(const std::string& name, const Parts& parts) {
  auto known = parts.store.Read(
      [&](store::Reader& reader) { return store::FindDataset(reader, name); });
  if (known.ok()) {
    return absl::AlreadyExistsError(absl::StrCat(
        "there is a dataset ", name, " already, of ", known->byte_size,
        " bytes; take another name, or delete it first"));
  }
  return known.status().code() == absl::StatusCode::kNotFound ? absl::OkStatus()
                                                              : known.status();
}

absl::StatusOr<std::string> DigestOf(const FileBytes& file) {
  Sha256Stream stream;
  const absl::Status read = ForEachPiece(file, 0, [&](absl::string_view piece) {
    stream.Add(piece);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  const auto digest = stream.Finish();
  return std::string(digest.begin(), digest.end());
}

// A fault of the file is the caller's; others are ours.
absl::Status OfTheFile(const absl::Status& status) {
  return absl::IsInvalidArgument(status) ? BadField("content", status.message())
                                         : status;
}

// Whether gzip has packed it. What is taken as it is stays as it is.
absl::StatusOr<bool> IsPacked(v1::DatasetFormat format, const FileBytes& file) {
  if (format == v1::DATASET_FORMAT_RAW) return false;
  return IsGzip(file);
}

// A table may have its fault in the last line: it is read through before any
// of it is stored.
absl::Status CheckTable(v1::DatasetFormat format, const FileBytes& file) {
  if (format != v1::DATASET_FORMAT_CSV) return absl::OkStatus();
  return ReadArrayFile(format, file,
                       [](absl::string_view) { return absl::OkStatus(); })
      .status();
}

absl::StatusOr<v1::ArrayManifest> StoreChunks(v1::DatasetFormat format,
                                              const FileBytes& file,
                                              store::Blobs& blobs) {
  if (auto fault = CheckTable(format, file); !fault.ok()) return fault;
  ChunkSink sink(blobs);
  const auto facts = ReadArrayFile(
      format, file,
      [&](absl::string_view elements) { return sink.Add(elements); });
  if (!facts.ok()) return facts.status();
  return sink.Finish(*facts);
}

}  // namespace

Upload::Upload(const v1::UploadDatasetRequest::Start& start, const Parts& parts,
               std::filesystem::path path)
    : start_(start), parts_(parts), path_(std::move(path)) {}

Upload::~Upload() {
  if (file_ >= 0) close(file_);
}

absl::Status Upload::Open() {
  file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file_ < 0) {
    return absl::UnavailableError(absl::StrCat(
        "the server cannot write ", path_.string(), ": ", strerror(errno)));
  }
  // Two that append to one file would both lose; the lock ends with the file's
  // descriptor, however the server ends.
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    return absl::AbortedError(
        "another upload of the same bytes is under way; repeat this one when "
        "that has ended");
  }
  struct stat status = {};
  if (fstat(file_, &status) != 0) return absl::InternalError(strerror(errno));
  received_ = status.st_size;
  if (received_ > start_.byte_size()) {
    if (ftruncate(file_, 0) != 0) return absl::InternalError(strerror(errno));
    received_ = 0;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Upload>> Upload::Begin(
    const Caller& /*caller*/, const v1::UploadDatasetRequest::Start& start,
    const Parts& parts) {
  absl::Status status = CheckStart(start);
  if (status.ok()) status = CheckNew(Bare(start.name(), "datasets"), parts);
  if (status.ok()) status = CheckRoom(start, parts);
  if (!status.ok()) return status;
  const auto folder = parts.store.folder() / "spool" / "uploads";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::unique_ptr<Upload> upload(new Upload(
      start, parts, folder / absl::BytesToHexString(start.sha256())));
  status = upload->Open();
  if (!status.ok()) return status;
  return upload;
}

absl::Status Upload::Add(absl::string_view data) {
  const int64_t size = static_cast<int64_t>(data.size());
  if (size > kChunkBytes) {
    return BadField("data",
                    absl::StrCat(size, " bytes in one message; at most ",
                                 kChunkBytes, " are taken"));
  }
  if (received_ + size > start_.byte_size()) {
    return BadField("data", absl::StrCat("more bytes than the ",
                                         start_.byte_size(), " announced"));
  }
  while (!data.empty()) {
    const ssize_t written = write(file_, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the server's disk took no more bytes of the upload: ",
                       strerror(errno)));
    }
    received_ += written;
    data.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Dataset> Upload::Finish(const Caller& caller) {
  auto file = SpooledFile::Open(path_, received_);
  if (!file.ok()) return file.status();
  const auto digest = DigestOf(*file);
  if (!digest.ok()) return digest.status();
  std::error_code error;
  if (*digest != start_.sha256()) {
    std::filesystem::remove(path_, error);
    return BadField("sha256",
                    "the bytes that came do not have this SHA-256; "
                    "upload the file again");
  }
  absl::StatusOr<v1::Dataset> dataset = Store(caller, *file);
  const bool may_be_repeated = absl::IsResourceExhausted(dataset.status()) ||
                               absl::IsUnavailable(dataset.status());
  if (!may_be_repeated) std::filesystem::remove(path_, error);
  return dataset;
}

absl::StatusOr<v1::ArrayManifest> Upload::StoreFile(const FileBytes& file) {
  const auto is_packed = IsPacked(start_.format(), file);
  if (!is_packed.ok()) return is_packed.status();
  store::Blobs& blobs = parts_.store.blobs();
  if (!*is_packed) return StoreChunks(start_.format(), file, blobs);
  // Once in the spool, once in the database.
  const int64_t room = (parts_.store.FreeDiskBytes() - kLeastFreeBytes) / 2;
  if (room <= 0) return CheckRoom(start_, parts_);
  const std::filesystem::path path = path_.string() + ".unpacked";
  const auto unpacked =
      SpooledFile::Unpack(path, file, std::min(kMostBytes, room));
  absl::StatusOr<v1::ArrayManifest> manifest =
      unpacked.ok() ? StoreChunks(start_.format(), *unpacked, blobs)
                    : unpacked.status();
  std::error_code error;
  std::filesystem::remove(path, error);
  return manifest;
}

absl::StatusOr<v1::Dataset> Upload::Store(const Caller& caller,
                                          const FileBytes& file) {
  const auto manifest = StoreFile(file);
  if (!manifest.ok()) return OfTheFile(manifest.status());
  const store::DatasetRow row{.name = Bare(start_.name(), "datasets"),
                              .format = FormatName(start_.format()),
                              .user = Bare(caller.user, "users"),
                              .byte_size = start_.byte_size(),
                              .manifest = StoredManifest(*manifest),
                              .create_time_us = parts_.now_us(),
                              .use_count = 0};
  const v1::Dataset reply = DatasetMessage(row);
  absl::Status written =
      parts_.store.Write([&](store::Transaction& transaction) {
        absl::Status inserted = store::InsertDataset(transaction, row);
        if (!inserted.ok()) return inserted;
        return Keep(caller, transaction, reply);
      });
  if (!written.ok()) return written;
  return reply;
}

}  // namespace engram
