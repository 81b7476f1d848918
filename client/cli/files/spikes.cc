#include "client/cli/files/spikes.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/files/npy.h"
#include "client/cli/text/quantity.h"

namespace engram::cli {
namespace {

constexpr int64_t kPage = 100000;

double TimeOf(const v1::ReadSpikesResponse& page, int i) {
  return static_cast<double>(page.steps(i) + 1) * page.population().dt();
}

}  // namespace

absl::StatusOr<std::vector<v1::Population>> ListPopulations(
    Client& client, const std::string& run) {
  v1::ListPopulationsRequest request;
  request.set_name(run);
  const auto list = client.Call(calls::kListPopulations, request);
  if (!list.ok()) return list.status();
  return std::vector<v1::Population>(list->populations().begin(),
                                     list->populations().end());
}

absl::Status ReadSpikes(
    Client& client, v1::ReadSpikesRequest request,
    const std::function<void(const v1::ReadSpikesResponse&)>& page) {
  request.set_max_spikes(kPage);
  while (true) {
    const auto read = client.Call(calls::kReadSpikes, request);
    if (!read.ok()) return read.status();
    page(*read);
    if (read->next_index() <= request.from_index()) return absl::OkStatus();
    request.set_from_index(read->next_index());
  }
}

absl::StatusOr<std::string> SpikesCsv(Client& client,
                                      const v1::ReadSpikesRequest& request) {
  std::string csv = "time_ms,unit\n";
  const absl::Status status =
      ReadSpikes(client, request, [&](const v1::ReadSpikesResponse& page) {
        for (int i = 0; i < page.steps_size(); ++i) {
          absl::StrAppend(&csv, ExactText(TimeOf(page, i)), ",", page.units(i),
                          "\n");
        }
      });
  if (!status.ok()) return status;
  return csv;
}

absl::StatusOr<std::string> SpikesNpy(Client& client,
                                      const v1::ReadSpikesRequest& request) {
  std::vector<double> numbers;  // times, then units: the order of columns
  std::vector<double> units;
  const absl::Status status =
      ReadSpikes(client, request, [&](const v1::ReadSpikesResponse& page) {
        for (int i = 0; i < page.steps_size(); ++i) {
          numbers.push_back(TimeOf(page, i));
          units.push_back(page.units(i));
        }
      });
  if (!status.ok()) return status;
  const auto count = static_cast<int64_t>(units.size());
  numbers.insert(numbers.end(), units.begin(), units.end());
  std::string npy = NpyHeader("<f8", /*fortran_order=*/true, {count, 2});
  npy.append(reinterpret_cast<const char*>(numbers.data()),
             numbers.size() * sizeof(double));
  return npy;
}

}  // namespace engram::cli
