#include "client/cli/files/export.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/columns.h"
#include "client/cli/files/npy.h"
#include "client/cli/files/records.h"
#include "client/cli/files/spikes.h"
#include "client/cli/files/zip.h"
#include "client/cli/names.h"
#include "client/cli/series_csv.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

absl::Status WriteText(const std::filesystem::path& file,
                       const std::string& text) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (stream) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(file.string(), " cannot be written"));
}

// A parameter of all runs: numbers where all are numbers, else texts.
std::string VaryingNpy(const std::vector<v1::Run>& runs,
                       const std::string& path) {
  std::vector<std::optional<double>> numbers;
  std::vector<std::string> texts;
  bool numeric = true;
  for (const v1::Run& run : runs) {
    const auto found = run.varying().find(path);
    const bool present = found != run.varying().end();
    numeric = numeric && (!present || found->second.has_number_value());
    numbers.push_back(present && found->second.has_number_value()
                          ? std::optional(found->second.number_value())
                          : std::nullopt);
    texts.push_back(present ? ValueText(found->second) : "");
  }
  return numeric ? NpyOf(numbers) : NpyOf(texts);
}

std::string SummaryNpy(const std::vector<v1::Run>& runs,
                       const std::string& name) {
  std::vector<std::optional<double>> values;
  for (const v1::Run& run : runs) {
    const auto found = run.summary().find(name);
    values.push_back(found == run.summary().end() ? std::nullopt
                                                  : NumberOf(found->second));
  }
  return NpyOf(values);
}

absl::Status AddSeries(Client& client, const v1::Run& run,
                       const std::string& prefix, ZipWriter* zip) {
  const auto list = ListSeries(client, run.name());
  if (!list.ok()) return list.status();
  for (const v1::Series& series : *list) {
    const auto read = ReadSeries(client, run.name(), series.name(), 0);
    if (!read.ok()) return read.status();
    std::vector<double> xs;
    std::vector<std::optional<double>> values;
    for (const Point& point : read->points) {
      xs.push_back(point.x);
      values.push_back(point.value);
    }
    const std::string name =
        absl::StrCat(prefix, "series/", series.name(), "/");
    absl::Status status = zip->Add(name + "x.npy", NpyOf(xs));
    if (status.ok()) status = zip->Add(name + "values.npy", NpyOf(values));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status AddArrays(Client& client, const v1::Run& run,
                       const std::string& prefix, ZipWriter* zip) {
  v1::ListArraysRequest request;
  request.set_name(run.name());
  const auto list = client.Call(calls::kListArrays, request);
  if (!list.ok()) return list.status();
  for (const v1::RecordedArray& array : list->arrays()) {
    const auto npy = ReadNpy(client, RequestFor(run.name(), array));
    if (!npy.ok()) return npy.status();
    const absl::Status status =
        zip->Add(absl::StrCat(prefix, "arrays/", array.path(), "@",
                              StepText(array.step()), ".npy"),
                 *npy);
    if (!status.ok()) return status;
  }
  if (!list->has_final_state()) return absl::OkStatus();
  v1::ReadArrayRequest state;
  state.set_name(run.name());
  state.set_final_state(true);
  const auto npy = ReadNpy(client, state);
  return npy.ok() ? zip->Add(prefix + "state@final.npy", *npy) : npy.status();
}

absl::Status AddSpikes(Client& client, const v1::Run& run,
                       const std::string& prefix, ZipWriter* zip) {
  const auto populations = ListPopulations(client, run.name());
  if (!populations.ok()) return populations.status();
  for (const v1::Population& population : *populations) {
    v1::ReadSpikesRequest request;
    request.set_name(run.name());
    request.set_population(population.name());
    const auto npy = SpikesNpy(client, request);
    if (!npy.ok()) return npy.status();
    const absl::Status status = zip->Add(
        absl::StrCat(prefix, "spikes/", population.name(), ".npy"), *npy);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status AddRun(Client& client, const v1::Run& run,
                    const std::string& prefix, ZipWriter* zip) {
  absl::Status status = AddSeries(client, run, prefix, zip);
  if (status.ok()) status = AddSpikes(client, run, prefix, zip);
  return status.ok() ? AddArrays(client, run, prefix, zip) : status;
}

absl::Status AddOverview(const std::vector<v1::Run>& runs, ZipWriter* zip) {
  std::set<std::string> paths;
  std::set<std::string> names;
  std::vector<int64_t> points;
  for (const v1::Run& run : runs) {
    points.push_back(run.point());
    for (const auto& [path, value] : run.varying()) paths.insert(path);
    for (const auto& [name, value] : run.summary()) names.insert(name);
  }
  absl::Status status = zip->Add("point.npy", NpyOf(points));
  for (const std::string& path : paths) {
    if (!status.ok()) return status;
    status = zip->Add(absl::StrCat("varying/", path, ".npy"),
                      VaryingNpy(runs, path));
  }
  for (const std::string& name : names) {
    if (!status.ok()) return status;
    status = zip->Add(absl::StrCat("summary/", name, ".npy"),
                      SummaryNpy(runs, name));
  }
  return status;
}

absl::Status WriteRunNpz(Client& client, const v1::Run& run,
                         const std::string& file) {
  auto zip = ZipWriter::Open(file);
  if (!zip.ok()) return zip.status();
  const absl::Status status = AddRun(client, run, "", &*zip);
  return status.ok() ? zip->Finish() : status;
}

absl::StatusOr<std::string> MetricsCsv(Client& client,
                                       const std::vector<v1::Run>& runs) {
  std::vector<SeriesOfRun> all;
  for (const v1::Run& run : runs) {
    SeriesOfRun one{Labels(run), {}};
    const auto list = ListSeries(client, run.name());
    if (!list.ok()) return list.status();
    for (const v1::Series& series : *list) {
      auto read = ReadSeries(client, run.name(), series.name(), 0);
      if (!read.ok()) return read.status();
      read->series = series;
      one.series.push_back(*std::move(read));
    }
    all.push_back(std::move(one));
  }
  return SeriesCsv(all);
}

std::string ClaimsCsv(const v1::Experiment& experiment) {
  Listing<v1::ClaimResult> listing;
  listing.items.assign(experiment.claims().begin(), experiment.claims().end());
  listing.columns = ClaimColumns();
  const auto grid = MakeGrid(listing, true);
  return grid.ok() ? RenderCsv(*grid) : "";
}

}  // namespace

std::string SummaryCsv(const Exported& exported) {
  Listing<v1::Run> listing;
  listing.items = exported.runs;
  // No column of these depends on the time of day but "took" and "ended" of
  // runs that have not ended, whose raw text is empty.
  for (Column<v1::Run>& column : RunColumns(exported.runs, absl::UnixEpoch())) {
    const bool bookkeeping = !column.shown || column.name == "progress" ||
                             column.name == "took" || column.name == "end_time";
    if (!bookkeeping) listing.columns.push_back(std::move(column));
  }
  const auto grid = MakeGrid(listing, true);
  return grid.ok() ? RenderCsv(*grid) : "";
}

absl::Status WriteSummaryCsv(const Exported& exported,
                             const std::string& file) {
  return WriteText(file, SummaryCsv(exported));
}

absl::Status WriteNpz(Client& client, const Exported& exported,
                      const std::string& file) {
  auto zip = ZipWriter::Open(file);
  if (!zip.ok()) return zip.status();
  absl::Status status = AddOverview(exported.runs, &*zip);
  for (const v1::Run& run : exported.runs) {
    if (!status.ok()) return status;
    status = AddRun(client, run, absl::StrCat(run.point(), "/"), &*zip);
  }
  return status.ok() ? zip->Finish() : status;
}

absl::Status WriteFolder(Client& client, const Exported& exported,
                         const std::string& folder) {
  const std::filesystem::path path(folder);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat(folder, " cannot be made: ", error.message()));
  }
  const auto metrics = MetricsCsv(client, exported.runs);
  if (!metrics.ok()) return metrics.status();
  const std::pair<const char*, std::string> texts[] = {
      {"experiment.yaml", exported.experiment.text()},
      {"experiment.json", JsonOf(exported.experiment, true)},
      {"runs.csv", SummaryCsv(exported)},
      {"claims.csv", ClaimsCsv(exported.experiment)},
      {"metrics.csv", *metrics}};
  for (const auto& [name, text] : texts) {
    const absl::Status status = WriteText(path / name, text);
    if (!status.ok()) return status;
  }
  for (const v1::Run& run : exported.runs) {
    const absl::Status status = WriteRunNpz(
        client, run, path / absl::StrCat("run-", run.point(), ".npz"));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace engram::cli
