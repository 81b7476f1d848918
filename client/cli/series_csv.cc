#include "client/cli/series_csv.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include "absl/strings/str_join.h"
#include "client/cli/names.h"
#include "client/cli/text/grid.h"
#include "client/cli/text/quantity.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

// Column names in the order in which they are first met.
class Header {
 public:
  size_t IndexOf(const std::string& name) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found != names_.end()) {
      return static_cast<size_t>(found - names_.begin());
    }
    names_.push_back(name);
    return names_.size() - 1;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

// Labels first, then what points are over, then the series.
Header MakeHeader(const std::vector<SeriesOfRun>& runs) {
  Header header;
  for (const SeriesOfRun& run : runs) {
    for (const auto& [name, value] : run.labels) header.IndexOf(name);
  }
  for (const SeriesOfRun& run : runs) {
    for (const auto& one : run.series) header.IndexOf(one.series.x());
  }
  for (const SeriesOfRun& run : runs) {
    for (const auto& one : run.series) header.IndexOf(one.series.name());
  }
  return header;
}

// By what points are over and where: one line of the table each.
using Lines = std::map<std::pair<std::string, double>,
                       std::vector<std::pair<size_t, std::string>>>;

Lines LinesOf(const SeriesOfRun& run, Header* header) {
  Lines lines;
  for (const ReadSeriesResult& one : run.series) {
    const size_t column = header->IndexOf(one.series.name());
    for (const Point& point : one.points) {
      auto& line = lines[{one.series.x(), point.x}];
      if (point.value) line.emplace_back(column, ExactText(*point.value));
    }
  }
  return lines;
}

}  // namespace

RunLabels Labels(const v1::Run& run) {
  RunLabels labels = {{"run", ShortName(run.name())}};
  const std::map<std::string, google::protobuf::Value> sorted(
      run.varying().begin(), run.varying().end());
  for (const auto& [path, value] : sorted) {
    labels.emplace_back(path, ValueText(value));
  }
  return labels;
}

std::string SeriesCsv(const std::vector<SeriesOfRun>& runs) {
  Header header = MakeHeader(runs);
  std::string text;
  for (const std::string& name : header.names()) {
    if (!text.empty()) text += ',';
    text += CsvField(name);
  }
  text += '\n';
  for (const SeriesOfRun& run : runs) {
    for (const auto& [key, values] : LinesOf(run, &header)) {
      std::vector<std::string> fields(header.names().size());
      for (const auto& [name, value] : run.labels) {
        fields[header.IndexOf(name)] = CsvField(value);
      }
      fields[header.IndexOf(key.first)] = ExactText(key.second);
      for (const auto& [column, value] : values) fields[column] = value;
      text += absl::StrJoin(fields, ",") + "\n";
    }
  }
  return text;
}

v1::ReadSeriesResponse ToMessage(const ReadSeriesResult& result) {
  v1::ReadSeriesResponse message;
  *message.mutable_series() = result.series;
  for (size_t i = 0; i < result.points.size(); ++i) {
    const Point& point = result.points[i];
    message.add_x(point.x);
    message.add_values(point.value.value_or(0));
    if (!point.value) message.add_absent(static_cast<int64_t>(i));
  }
  return message;
}

}  // namespace engram::cli
