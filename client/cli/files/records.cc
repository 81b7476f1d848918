#include "client/cli/files/records.h"

#include <set>

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
    Client& client, const std::string& run, const std::string& path,
    int64_t step,
    const std::function<absl::Status(const v1::RecordedArray&)>& begin,
    const std::function<absl::Status(const std::string&)>& bytes) {
  v1::ReadArrayRequest request;
  request.set_name(run);
  request.set_path(path);
  request.set_step(step);
  const auto stream = client.Open(calls::kReadArray);
  if (stream->Write(request)) stream->WritesDone();
  int64_t expected = 0;
  int64_t received = 0;
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

absl::StatusOr<std::string> ReadNpy(Client& client, const std::string& run,
                                    const std::string& path, int64_t step) {
  std::string npy;
  const absl::Status status = ReadArray(
      client, run, path, step,
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

}  // namespace engram::cli
