#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/files/records.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/paging.h"
#include "client/cli/series_csv.h"
#include "client/cli/text/nearest.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string name;
  std::vector<std::string> series;
  int64_t buckets = 0;
  bool plot = false;
};

// The names asked for; all that the run has where none were.
absl::StatusOr<std::vector<v1::Series>> Chosen(Client& client,
                                               const std::string& run,
                                               const Flags& flags) {
  auto list = ListSeries(client, run);
  if (!list.ok() || flags.series.empty()) return list;
  std::vector<v1::Series> chosen;
  std::vector<std::string> known;
  for (const auto& series : *list) known.push_back(series.name());
  for (const std::string& name : flags.series) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      return absl::NotFoundError(absl::StrCat(ShortName(run), " has no series ",
                                              name, DidYouMean(name, known)));
    }
    chosen.push_back((*list)[static_cast<size_t>(found - known.begin())]);
  }
  return chosen;
}

std::vector<Column<ReadSeriesResult>> SeriesColumns() {
  using R = ReadSeriesResult;
  const auto extreme = [](bool greatest) {
    return [greatest](const R& r) -> std::optional<double> {
      std::optional<double> found;
      for (const Point& point : r.points) {
        if (!point.value) continue;
        if (!found ||
            (greatest ? *point.value > *found : *point.value < *found)) {
          found = point.value;
        }
      }
      return found;
    };
  };
  const auto shortened = [](auto number) {
    return [number](const R& r) -> Cell {
      const std::optional<double> value = number(r);
      return {value ? ShortText(*value) : "-"};
    };
  };
  const auto last = [](const R& r) -> std::optional<double> {
    return r.points.empty() ? std::nullopt : r.points.back().value;
  };
  return {
      {"series", "series", Align::kLeft,
       [](const R& r) -> Cell {
         return {WithUnit(r.series.name(), r.series.unit())};
       }},
      {"over", "over", Align::kLeft,
       [](const R& r) -> Cell {
         return {WithUnit(r.series.x(), r.series.x_unit())};
       }},
      {"points", "points", Align::kRight,
       [](const R& r) -> Cell { return {CountText(r.series.point_count())}; }},
      {"least", "least", Align::kRight, shortened(extreme(false))},
      {"greatest", "greatest", Align::kRight, shortened(extreme(true))},
      {"last", "last", Align::kRight, shortened(last)},
      {"curve", "", Align::kLeft,
       [](const R& r) -> Cell {
         return {Sparkline(r.points, 32), Tone::kActive};
       }},
  };
}

void Plot(Session& session, const std::vector<ReadSeriesResult>& all) {
  const Look look = session.look();
  const int width = look.width > 0 ? std::min(look.width, 100) : 80;
  for (const ReadSeriesResult& one : all) {
    session.out() << Paint(Printable(
                               WithUnit(one.series.name(), one.series.unit())),
                           Tone::kStrong, look)
                  << "\n";
    const auto lines = BrailleChart(
        one.points, WithUnit(one.series.x(), one.series.x_unit()), width, 12);
    for (const std::string& line : lines) session.out() << line << "\n";
    if (lines.empty()) session.out() << "no value yet\n";
    session.out() << "\n";
  }
}

absl::StatusOr<std::vector<ReadSeriesResult>> ReadRun(Client& client,
                                                      const std::string& run,
                                                      const Flags& flags) {
  const auto chosen = Chosen(client, run, flags);
  if (!chosen.ok()) return chosen.status();
  std::vector<ReadSeriesResult> all;
  for (const auto& series : *chosen) {
    auto read =
        ReadSeries(client, run, series.name(), static_cast<int>(flags.buckets));
    if (!read.ok()) return read.status();
    read->series = series;
    all.push_back(*std::move(read));
  }
  return all;
}

absl::StatusOr<int> OfRun(Session& session, Client& client,
                          const Flags& flags) {
  const std::string run = FullName(flags.name);
  switch (session.format()) {
    case Format::kName: {
      const auto chosen = Chosen(client, run, flags);
      if (!chosen.ok()) return chosen.status();
      for (const auto& series : *chosen) {
        session.out() << series.name() << "\n";
      }
      return kDone;
    }
    case Format::kJson:
    case Format::kJsonl: {
      const auto all = ReadRun(client, run, flags);
      if (!all.ok()) return all.status();
      for (const ReadSeriesResult& one : *all) {
        session.out() << JsonOf(ToMessage(one),
                                session.format() == Format::kJson)
                      << (session.format() == Format::kJson ? "" : "\n");
      }
      return kDone;
    }
    default:
      break;
  }
  const auto all = ReadRun(client, run, flags);
  if (!all.ok()) return all.status();
  if (session.format() == Format::kCsv) {
    session.out() << SeriesCsv({{{}, *all}});
    return kDone;
  }
  if (flags.plot) {
    Plot(session, *all);
    return kDone;
  }
  Listing<ReadSeriesResult> listing{*all,
                                    SeriesColumns(),
                                    nullptr,
                                    nullptr,
                                    "this run has recorded no series",
                                    ""};
  const auto grid = MakeGrid(listing, false);
  if (!grid.ok()) return grid.status();
  session.out() << (all->empty() ? listing.when_empty + "\n"
                                 : RenderTable(*grid, session.look()));
  return kDone;
}

// CSV of all runs of an experiment, with what varies beside each point.
absl::StatusOr<int> OfExperiment(Session& session, Client& client,
                                 const Flags& flags) {
  if (session.format() != Format::kCsv) {
    return absl::InvalidArgumentError(absl::StrCat(
        "all runs' metrics come with -o csv; for one run: engram metrics ",
        flags.name, "/0"));
  }
  v1::ListRunsRequest request;
  request.set_parent(FullName(flags.name));
  const auto runs = FetchPages(client, calls::kListRuns, request, 0,
                               [](auto* page) { return page->mutable_runs(); });
  if (!runs.ok()) return runs.status();
  std::vector<SeriesOfRun> all;
  for (const v1::Run& run : runs->runs()) {
    auto read = ReadRun(client, run.name(), flags);
    if (!read.ok()) return read.status();
    all.push_back({Labels(run), *std::move(read)});
  }
  session.out() << SeriesCsv(all);
  return kDone;
}

absl::StatusOr<int> Metrics(Session& session, const Flags& flags) {
  if (flags.buckets < 0 || flags.buckets > 10000) {
    return absl::InvalidArgumentError(
        absl::StrCat("--buckets ", flags.buckets, " is outside [0, 10000]"));
  }
  auto client = session.client();
  if (!client.ok()) return client.status();
  return IsRunName(flags.name) ? OfRun(session, **client, flags)
                               : OfExperiment(session, **client, flags);
}

}  // namespace

Command MetricsVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "metrics";
  command.summary = "Show the series that a run has recorded";
  command.details =
      "With -o csv every point: a column for each series, and one for what "
      "their points are over (trial, ms). Of a whole experiment, the run and "
      "its varying parameters come first in each line.";
  command.arguments = {
      {"NAME", "", "a run (k7m2q9xw4p/17), or an experiment with -o csv",
       &flags->name, true, Completes::kExperimentOrRun},
      {"SERIES", "", "only these", &flags->series},
      {"--buckets", "N",
       "thin to N parts, with the least and greatest value of each",
       &flags->buckets},
      {"-p,--plot", "", "draw each series", &flags->plot},
  };
  command.examples = {
      {"engram metrics k7m2/17 -o csv > run17.csv", "every point"},
      {"engram metrics k7m2/17 weight_norm --plot", "a curve"}};
  command.run = [flags](Session& session) { return Metrics(session, *flags); };
  return command;
}

}  // namespace engram::cli
