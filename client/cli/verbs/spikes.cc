#include "client/cli/files/spikes.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/text/nearest.h"
#include "client/cli/text/raster.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string run;
  std::string population;
  std::string file;
  double from_ms = 0;
  double to_ms = 0;
  bool raster = false;
};

constexpr double kMsPerSecond = 1000;
constexpr int kRasterHeight = 24;

// Seconds until the last spike: a run says no other end of its own.
double SecondsOf(const v1::Population& population) {
  return static_cast<double>(population.last_step() + 1) * population.dt() /
         kMsPerSecond;
}

std::vector<Column<v1::Population>> Columns() {
  using P = v1::Population;
  return {
      {"population", "population", Align::kLeft,
       [](const P& p) -> Cell { return {p.name()}; }},
      {"units", "units", Align::kRight,
       [](const P& p) -> Cell { return {CountText(p.unit_count())}; },
       [](const P& p) { return absl::StrCat(p.unit_count()); }},
      {"dt_ms", "step [ms]", Align::kRight,
       [](const P& p) -> Cell { return {ShortText(p.dt())}; },
       [](const P& p) { return ExactText(p.dt()); }},
      {"spikes", "spikes", Align::kRight,
       [](const P& p) -> Cell { return {CountText(p.spike_count())}; },
       [](const P& p) { return absl::StrCat(p.spike_count()); }},
      {"last_ms", "until [ms]", Align::kRight,
       [](const P& p) -> Cell {
         return {p.spike_count() == 0 ? "-"
                                      : ShortText(kMsPerSecond * SecondsOf(p))};
       }},
      {"rate_hz", "mean rate [Hz]", Align::kRight,
       [](const P& p) -> Cell {
         return {p.spike_count() == 0
                     ? "0"
                     : ShortText(static_cast<double>(p.spike_count()) /
                                 static_cast<double>(p.unit_count()) /
                                 SecondsOf(p))};
       }},
  };
}

// The populations that are meant: the one that was named, else all.
absl::StatusOr<std::vector<v1::Population>> Chosen(Client& client,
                                                   const Flags& flags) {
  auto list = ListPopulations(client, FullName(flags.run));
  if (!list.ok() || flags.population.empty()) return list;
  std::vector<std::string> known;
  for (const auto& one : *list) {
    if (one.name() == flags.population) return std::vector{one};
    known.push_back(one.name());
  }
  return absl::NotFoundError(
      absl::StrCat(ShortName(flags.run), " has recorded no spikes of ",
                   flags.population, DidYouMean(flags.population, known)));
}

v1::ReadSpikesRequest RequestFor(const Flags& flags,
                                 const v1::Population& population) {
  const auto step_at = [&](double ms) {
    // The first step that ends then or later; a limit that is a multiple of
    // dt, but for rounding, is such an end.
    return std::max<int64_t>(
        0, static_cast<int64_t>(std::ceil(ms / population.dt() - 1 - 1e-6)));
  };
  v1::ReadSpikesRequest request;
  request.set_name(FullName(flags.run));
  request.set_population(population.name());
  request.set_begin_step(step_at(flags.from_ms));
  if (flags.to_ms > 0) request.set_end_step(step_at(flags.to_ms));
  return request;
}

absl::StatusOr<int> List(Session& session,
                         const std::vector<v1::Population>& populations) {
  v1::ListPopulationsResponse whole;
  for (const auto& one : populations) *whole.add_populations() = one;
  Listing<v1::Population> listing;
  listing.items = populations;
  listing.columns = Columns();
  listing.name = [](const v1::Population& p) { return p.name(); };
  listing.whole = &whole;
  listing.when_empty = "this run has recorded no spikes";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

// How many spikes each mark of a thinned answer stands for: those of a column
// are shared out evenly among its marks.
std::vector<double> SpikesOfMarks(const v1::ReadSpikesResponse& read) {
  std::vector<double> spikes(static_cast<size_t>(read.steps_size()), 1);
  const int64_t range = read.end_step() - read.begin_step();
  if (read.counts().empty() || range <= 0) return spikes;
  std::vector<size_t> column_of(spikes.size());
  std::vector<int64_t> marks(static_cast<size_t>(read.counts_size()));
  for (size_t i = 0; i < spikes.size(); ++i) {
    const int64_t column =
        (read.steps(static_cast<int>(i)) - read.begin_step()) *
        read.counts_size() / range;
    column_of[i] = static_cast<size_t>(
        std::clamp<int64_t>(column, 0, read.counts_size() - 1));
    ++marks[column_of[i]];
  }
  for (size_t i = 0; i < spikes.size(); ++i) {
    const int64_t all = read.counts(static_cast<int>(column_of[i]));
    spikes[i] =
        static_cast<double>(all) / static_cast<double>(marks[column_of[i]]);
  }
  return spikes;
}

absl::StatusOr<RasterBand> ReadBand(Client& client, const Flags& flags,
                                    const v1::Population& population,
                                    double end_ms, int width) {
  Flags range = flags;
  range.to_ms = end_ms;
  v1::ReadSpikesRequest request = RequestFor(range, population);
  request.set_columns(2 * width);
  request.set_rows(4 * kRasterHeight);
  const auto read = client.Call(calls::kReadSpikes, request);
  if (!read.ok()) return read.status();
  RasterBand band;
  band.name = population.name();
  band.units = population.unit_count();
  int64_t spikes = 0;
  for (const int64_t count : read->counts()) spikes += count;
  band.rate_hz = static_cast<double>(spikes) / static_cast<double>(band.units) /
                 ((end_ms - flags.from_ms) / kMsPerSecond);
  const std::vector<double> stands_for = SpikesOfMarks(*read);
  for (int i = 0; i < read->steps_size(); ++i) {
    band.marks.push_back(
        {static_cast<double>(read->steps(i) + 1) * population.dt(),
         static_cast<double>(read->units(i)),
         stands_for[static_cast<size_t>(i)]});
  }
  return band;
}

absl::StatusOr<int> Raster(Session& session, Client& client, const Flags& flags,
                           const std::vector<v1::Population>& populations) {
  double end_ms = flags.to_ms;
  for (const auto& one : populations) {
    if (flags.to_ms > 0) break;
    // The last spike lies before the end of what is drawn.
    end_ms = std::max(end_ms, kMsPerSecond * SecondsOf(one) + one.dt());
  }
  const Look look = session.look();
  const int width = look.width > 0 ? std::min(look.width, 160) : 80;
  std::vector<RasterBand> bands;
  for (const auto& one : populations) {
    if (end_ms <= flags.from_ms) break;
    auto band = ReadBand(client, flags, one, end_ms, width);
    if (!band.ok()) return band.status();
    bands.push_back(*std::move(band));
  }
  const auto lines = BrailleRaster(
      bands, flags.from_ms, end_ms, width,
      std::max(kRasterHeight, static_cast<int>(bands.size()) + 1), look);
  if (lines.empty()) {
    session.out() << (populations.empty() ? "this run has recorded no spikes\n"
                                          : "no spikes in that range\n");
  }
  for (const std::string& line : lines) session.out() << line << "\n";
  return kDone;
}

absl::Status Deliver(Session& session, const std::string& bytes,
                     const std::string& file) {
  if (file.empty() || file == "-") {
    session.out() << bytes;
    return absl::OkStatus();
  }
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << bytes;
  stream.close();
  if (!stream) {
    return absl::InvalidArgumentError(absl::StrCat(file, " cannot be written"));
  }
  session.err() << "wrote " << file << "\n";
  return absl::OkStatus();
}

// CSV or NPY of one population's spikes.
absl::StatusOr<int> Fetch(Session& session, Client& client, const Flags& flags,
                          const v1::Population& population) {
  const auto request = RequestFor(flags, population);
  const auto bytes = session.format() == Format::kNpy
                         ? SpikesNpy(client, request)
                         : SpikesCsv(client, request);
  if (!bytes.ok()) return bytes.status();
  const absl::Status delivered = Deliver(session, *bytes, flags.file);
  if (!delivered.ok()) return delivered;
  return kDone;
}

absl::StatusOr<int> Spikes(Session& session, const Flags& flags) {
  if (flags.from_ms < 0 || flags.to_ms < 0 ||
      (flags.to_ms > 0 && flags.to_ms <= flags.from_ms)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--from ", flags.from_ms, " --to ", flags.to_ms,
                     " is no range; both are in ms from the run's start"));
  }
  if (!IsRunName(flags.run)) {
    return absl::InvalidArgumentError(absl::StrCat(
        flags.run, " is an experiment; name a run: ", flags.run, "/0"));
  }
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto populations = Chosen(**client, flags);
  if (!populations.ok()) return populations.status();
  const bool wants_spikes =
      session.format() == Format::kNpy ||
      (session.format() == Format::kCsv && !flags.population.empty());
  if (wants_spikes && flags.population.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("-o npy gives the spikes of one population; name it: "
                     "engram spikes ",
                     flags.run, " excitatory -o npy"));
  }
  if (wants_spikes) {
    return Fetch(session, **client, flags, populations->front());
  }
  if (session.wants_table() && (flags.raster || !flags.population.empty())) {
    return Raster(session, **client, flags, *populations);
  }
  return List(session, *populations);
}

}  // namespace

Command SpikesVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "spikes";
  command.summary = "Show the spikes that a run has recorded";
  command.details =
      "Without a population, what was recorded. With one, a raster of it; with "
      "-o csv a line a spike, time_ms and unit; with -o npy an array for "
      "numpy.load, a row a spike. Another run reads the same array as "
      "k7m2q9xw4p/17/spikes/excitatory.";
  command.arguments = {
      {"RUN", "", "a run (k7m2q9xw4p/17)", &flags->run, true, Completes::kRun},
      {"POPULATION", "", "only this one", &flags->population},
      {"FILE", "", "where -o csv and -o npy write; - for standard output",
       &flags->file, false, Completes::kFile},
      {"--from", "MS", "only what was fired from then on [ms]",
       &flags->from_ms},
      {"--to", "MS", "and before then [ms]", &flags->to_ms},
      {"-r,--raster", "", "draw all populations", &flags->raster},
  };
  command.examples = {
      {"engram spikes k7m2/17 --raster --from 500 --to 1000", "half a second"},
      {"engram spikes k7m2/17 excitatory spikes.npy -o npy",
       "every spike, for numpy.load"}};
  command.writes_npy = true;
  command.run = [flags](Session& session) { return Spikes(session, *flags); };
  return command;
}

}  // namespace engram::cli
