#include "client/cli/files/upload.h"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/files/dataset_format.h"
#include "client/cli/live/screen.h"
#include "client/cli/text/chart.h"
#include "client/cli/text/quantity.h"
#include "client/cli/wire/request_id.h"

namespace engram::cli {
namespace {

constexpr int64_t kChunk = 1 << 20;
constexpr absl::Duration kPatience = absl::Minutes(2);
constexpr int kTries = 5;

absl::StatusOr<std::string> Sha256OfFile(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, " cannot be read: ", std::strerror(errno)));
  }
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<char> buffer(kChunk);
  while (stream.read(buffer.data(), kChunk) || stream.gcount() > 0) {
    EVP_DigestUpdate(context.get(), buffer.data(),
                     static_cast<size_t>(stream.gcount()));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

// The server unpacks what it reads; bytes are taken as they are.
absl::Status RefusePackedBytes(const UploadFlags& flags) {
  if (!flags.format.empty() ||
      FormatOfFile(flags.file, flags.format) != v1::DATASET_FORMAT_RAW ||
      UnpackedName(flags.file) ==
          std::filesystem::path(flags.file).filename()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      flags.file, " is packed, and bytes are taken as they are: gunzip ",
      flags.file,
      " and upload what that gives, or say what is in it with "
      "--format (npy, csv and idx are unpacked, raw stays packed)"));
}

absl::StatusOr<v1::UploadDatasetRequest> StartOf(const UploadFlags& flags) {
  if (auto packed = RefusePackedBytes(flags); !packed.ok()) return packed;
  auto digest = Sha256OfFile(flags.file);
  if (!digest.ok()) return digest.status();
  const std::filesystem::path path(flags.file);
  v1::UploadDatasetRequest request;
  auto* start = request.mutable_start();
  start->set_name(absl::StrCat(
      "datasets/", flags.name.empty() ? UnpackedName(flags.file).stem().string()
                                      : flags.name));
  start->set_format(FormatOfFile(flags.file, flags.format));
  start->set_byte_size(static_cast<int64_t>(std::filesystem::file_size(path)));
  start->set_sha256(*std::move(digest));
  start->set_request_id(NewRequestId());
  return request;
}

void ShowProgress(Session& session, Screen* screen, int64_t sent,
                  int64_t size) {
  if (!session.host().out_is_terminal || !session.wants_table()) return;
  const Bar bar =
      MakeBar(static_cast<double>(sent) / static_cast<double>(size), 32);
  const Look look = session.look();
  screen->Draw({absl::StrCat(Paint(bar.full, Tone::kActive, look),
                             Paint(bar.rest, Tone::kDim, look), "  ",
                             BytesText(sent), " of ", BytesText(size))},
               look.width);
}

// The next answer, or why the stream ended.
absl::StatusOr<v1::UploadDatasetResponse> NextAnswer(Stream* stream) {
  v1::UploadDatasetResponse response;
  switch (stream->Read(&response, kPatience)) {
    case Stream::Outcome::kMessage:
      return response;
    case Stream::Outcome::kTimeout:
      return absl::DeadlineExceededError("no answer for two minutes");
    case Stream::Outcome::kEnd:
      break;
  }
  const absl::Status status = stream->Finish();
  return status.ok() ? absl::DataLossError(
                           "the server ended the upload without an answer")
                     : status;
}

absl::StatusOr<v1::Dataset> UploadOnce(Session& session, Client& client,
                                       const std::string& file,
                                       const v1::UploadDatasetRequest& start) {
  const auto stream = client.Open(calls::kUploadDataset);
  stream->Write(start);
  auto answer = NextAnswer(stream.get());
  if (!answer.ok()) return answer.status();
  std::ifstream bytes(file, std::ios::binary);
  int64_t sent = answer->received_bytes();
  bytes.seekg(sent);
  Screen screen(&session.out());
  std::vector<char> buffer(kChunk);
  const int64_t size = start.start().byte_size();
  while (!answer->has_dataset() && sent < size) {
    bytes.read(buffer.data(), kChunk);
    v1::UploadDatasetRequest chunk;
    chunk.set_data(buffer.data(), static_cast<size_t>(bytes.gcount()));
    sent += bytes.gcount();
    // A refused write ends the loop; the reason comes with the answer.
    if (bytes.gcount() == 0 || !stream->Write(chunk)) break;
    ShowProgress(session, &screen, sent, size);
  }
  stream->WritesDone();
  if (session.host().out_is_terminal) screen.Draw({}, session.look().width);
  while (!answer->has_dataset()) {
    answer = NextAnswer(stream.get());
    if (!answer.ok()) return answer.status();
  }
  return answer->dataset();
}

}  // namespace

absl::StatusOr<v1::Dataset> UploadFile(Session& session, Client& client,
                                       const UploadFlags& flags) {
  const auto start = StartOf(flags);
  if (!start.ok()) return start.status();
  absl::Duration pause = absl::Milliseconds(200);
  for (int i = 1;; ++i) {
    auto dataset = UploadOnce(session, client, flags.file, *start);
    const bool again = absl::IsUnavailable(dataset.status()) && i < kTries;
    if (!again) return dataset;
    session.host().sleep(pause);
    pause *= 2;
  }
}

}  // namespace engram::cli
