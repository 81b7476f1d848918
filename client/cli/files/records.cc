#include "client/cli/files/records.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/cli/files/npy.h"

namespace engram::cli {
namespace {

constexpr int64_t kPage = 100000;
constexpr absl::Duration kPatience = absl::Seconds(60);

void Append(const v1::ReadSeriesResponse& page, ReadSeriesResult* result) {
  const std::set<int64_t> absent(page.absent().begin(), page.absent().end());
  for (int i = 0; i < page.x_size() && i < page.values_size(); ++i) {
    Point point{page.x(i), page.values(i)};
    if (absent.contains(i)) point.value.reset();
    result->points.push_back(point);
  }
}

}  // namespace

absl::StatusOr<ReadSeriesResult> ReadSeries(Client& client,
                                            const std::string& run,
                                            const std::string& series,
                                            int buckets) {
  v1::ReadSeriesRequest request;
  request.set_name(run);
  request.set_series(series);
  request.set_buckets(buckets);
  if (buckets == 0) request.set_max_points(kPage);
  ReadSeriesResult result;
  while (true) {
    const auto page = client.Call(calls::kReadSeries, request);
    if (!page.ok()) return page.status();
    result.series = page->series();
    Append(*page, &result);
    if (page->next_index() <= request.from_index()) return result;
    request.set_from_index(page->next_index());
  }
}

absl::StatusOr<std::vector<v1::Series>> ListSeries(Client& client,
                                                   const std::string& run) {
  v1::ListSeriesRequest request;
  request.set_name(run);
  const auto list = client.Call(calls::kListSeries, request);
  if (!list.ok()) return list.status();
  return std::vector<v1::Series>(list->series().begin(), list->series().end());
}

absl::Status ReadArray(
    Client& client, const v1::ReadArrayRequest& request,
    const std::function<absl::Status(const v1::RecordedArray&)>& begin,
    const std::function<absl::Status(const std::string&)>& bytes) {
  const auto stream = client.Open(calls::kReadArray);
  if (stream->Write(request)) stream->WritesDone();
  int64_t expected = 0;
  int64_t received = 0;
  std::string path = request.path();
  v1::ReadArrayResponse response;
  while (true) {
    const Stream::Outcome outcome = stream->Read(&response, kPatience);
    if (outcome == Stream::Outcome::kTimeout) {
      return absl::DeadlineExceededError(
          absl::StrCat("no bytes of ", path, " for a minute"));
    }
    if (outcome == Stream::Outcome::kEnd) break;
    if (response.has_array()) {
      expected = response.array().manifest().byte_size();
      path = response.array().path();
      const absl::Status begun = begin(response.array());
      if (!begun.ok()) return begun;
    }
    received += static_cast<int64_t>(response.data().size());
    const absl::Status taken = bytes(response.data());
    if (!taken.ok()) return taken;
  }
  const absl::Status status = stream->Finish();
  if (!status.ok()) return status;
  if (received != expected) {
    return absl::DataLossError(absl::StrCat(path, ": the server sent ",
                                            received, " of ", expected,
                                            " bytes; try again"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadNpy(Client& client,
                                    const v1::ReadArrayRequest& request) {
  std::string npy;
  const absl::Status status = ReadArray(
      client, request,
      [&](const v1::RecordedArray& array) -> absl::Status {
        auto header = NpyHeaderOf(array.manifest());
        if (header.ok()) npy = *header;
        return header.status();
      },
      [&](const std::string& bytes) {
        npy += bytes;
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return npy;
}

absl::Status SaveNpy(Client& client, const v1::ReadArrayRequest& request,
                     const std::string& file) {
  const std::string part = file + ".part";
  std::ofstream stream(part, std::ios::binary | std::ios::trunc);
  if (!stream) {
    return absl::InvalidArgumentError(absl::StrCat(file, " cannot be written"));
  }
  const auto write = [&](const std::string& bytes) {
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return stream
               ? absl::OkStatus()
               : absl::InternalError(absl::StrCat(file, " cannot be written"));
  };
  absl::Status status = ReadArray(
      client, request,
      [&](const v1::RecordedArray& array) -> absl::Status {
        const auto header = NpyHeaderOf(array.manifest());
        return header.ok() ? write(*header) : header.status();
      },
      write);
  stream.close();
  if (status.ok() && !stream) {
    status = absl::InternalError(absl::StrCat(file, " cannot be written"));
  }
  std::error_code error;
  if (status.ok()) std::filesystem::rename(part, file, error);
  if (!status.ok() || error) std::filesystem::remove(part, error);
  return status;
}

v1::ReadArrayRequest RequestFor(const std::string& run,
                                const v1::RecordedArray& array) {
  v1::ReadArrayRequest request;
  request.set_name(run);
  request.set_path(array.path());
  request.set_step(array.step());
  return request;
}

}  // namespace engram::cli
