#include <string>

#include "benchmark/benchmark.h"
#include "server/store/listing.h"
#include "tests/bench/percentiles.h"
#include "tests/bench/store/lab.h"

namespace engram::store {
namespace {

// What a page of runs is asked for by: a filter and an order.
struct Shape {
  const char* name;
  const char* filter;
  const char* order_by;
};

constexpr Shape kShapes[] = {
    {"everything", "", ""},
    {"everything/by_summary", "", "score desc"},
    {"everything/by_time", "", "end_time desc"},
    {"narrow_and_narrow/by_summary", "eta = 0.05 AND score < 0.01", "score"},
    {"narrow_and_broad/by_summary", "eta = 0.05 AND state = SUCCEEDED",
     "score desc"},
    {"narrow_and_broad/by_time", "score > 0.99 AND seed <= 5", "end_time desc"},
    {"broad_and_broad", "score > 0.5 AND state = SUCCEEDED", ""},
    {"broad_and_broad/by_parameter", "score > 0.5 AND seed <= 5", "eta"},
    {"broad_and_broad/by_parameter_down", "score > 0.5 AND seed <= 5",
     "eta desc"},
    {"broad_and_broad/by_summary", "eta > 0.03 AND state = SUCCEEDED",
     "sequence_length desc"},
    {"broad_and_broad/by_summary_up", "eta > 0.03 AND state = SUCCEEDED",
     "sequence_length"},
    {"broad_and_broad/by_end_time", "eta > 0.03 AND score > 0.4", "end_time"},
    {"broad_and_broad/by_start_time_down", "eta > 0.03 AND score > 0.4",
     "start_time desc"},
    {"broad_and_broad/by_cpu_seconds", "eta > 0.03 AND score > 0.4",
     "cpu_seconds desc"},
    {"broad_and_broad/by_state", "eta > 0.03 AND score > 0.4", "state, score"},
    {"broad_and_broad/by_create_time", "eta > 0.03 AND score > 0.4",
     "create_time"},
    {"broad_and_broad/by_user", "eta > 0.03 AND score > 0.4", "user desc, eta"},
    {"broad_and_broad/no_run_in_common", "score > 0.5 AND score <= 0.5",
     "eta desc"},
    {"constant_and_varying/by_summary", "units = 102 AND sequence_length >= 5",
     "score desc"},
    {"half_constant_and_broad/by_summary",
     "rule.type = hebbian AND score > 0.5", "sequence_length desc"},
    {"half_constant_and_broad/by_half_constant", "eta > 0.03 AND score > 0.5",
     "rule.type"},
    {"user_and_state/by_time", "user = user3 AND state = SUCCEEDED",
     "end_time desc"},
    {"user_and_value/by_parameter", "user != user3 AND score > 0.2", "eta"},
    {"either_of_broad/by_summary", "score > 0.9 OR seed = 1", "score desc"},
    {"not_and_broad/by_summary", "NOT state = FAILED AND eta > 0.02", "score"},
    {"figures/by_time", "cpu_seconds > 20 AND start_time > 2026-02-02",
     "end_time"},
    {"text_of_runs/by_summary", "build != none AND score > 0.5", "eta"},
};

Page<RunRow> Ask(Store& store, const ListQuery& query) {
  auto page = store.Read(
      [&](Reader& reader) { return ListRuns(reader, std::nullopt, query); });
  Check(page.status());
  return *std::move(page);
}

// The page that stands after `pages` others.
ListQuery Deep(Store& store, const Shape& shape, int pages) {
  ListQuery query{shape.filter, shape.order_by, 100, ""};
  if (pages == 0) return query;
  query.page_size = 1000;
  for (int i = 0; i < pages / 10; ++i) {
    query.page_token = Ask(store, query).next_page_token;
    if (query.page_token.empty()) break;
  }
  query.page_size = 100;
  return query;
}

void ListPage(benchmark::State& state, const Shape& shape, int pages) {
  Store& store = LabOf100000Runs();
  const ListQuery query = Deep(store, shape, pages);
  Percentiles times;
  int64_t rows = 0;
  for (auto _ : state)
    times.Time([&] { rows = std::ssize(Ask(store, query).rows); });
  times.Report(state);
  state.counters["rows"] = static_cast<double>(rows);
}

const bool registered = [] {
  for (const Shape& shape : kShapes)
    for (const int pages : {0, 100})
      benchmark::RegisterBenchmark((std::string("listing/") + shape.name +
                                    (pages == 0 ? "/first_page" : "/page_100"))
                                       .c_str(),
                                   [&shape, pages](benchmark::State& state) {
                                     ListPage(state, shape, pages);
                                   })
          ->Unit(benchmark::kMillisecond)
          ->Iterations(40);
  return true;
}();

}  // namespace
}  // namespace engram::store
