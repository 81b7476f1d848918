#include "server/store/listing.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/listing_field.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Experiment a (ada, tags thesis and x): six runs, rule hebbian or stdp_rate by
// turns, seed 1 to 6, length 0, 2, 4, ... but absent in the last; the first
// failed, the rest wait. Experiment b (bob): one run with a constant rule oja,
// and 20 units, where a has 100.
class ListingTest : public ::testing::Test {
 protected:
  ListingTest() {
    ExperimentRow a = SomeExperiment('a', 6);
    a.tags = {"thesis", "x"};
    a.title = "Which rules";
    a.constants = {{"experiment.network.units", 100.0}};
    std::vector<NewRun> runs = SomeRuns(6);
    for (NewRun& run : runs)
      run.varying.push_back({"experiment.rule.type",
                             run.point % 2 == 0 ? "hebbian" : "stdp_rate"});
    runs_ = Submit(*store_, a, runs);
    ExperimentRow b = SomeExperiment('b', 1);
    b.user = "bob";
    b.create_time_us = kNoonUs + 86'400'000'000;
    b.constants = {{"experiment.rule.type", "oja"},
                   {"experiment.network.units", 20.0}};
    Submit(*store_, b, SomeRuns(1));
    Do(*store_, [&](Transaction& t) {
      for (size_t i = 0; i < runs_.size(); ++i)
        StoreSummary(t, runs_[i],
                     {"length", "1", 2.0 * static_cast<double>(i),
                      i == 5 ? "no item was active" : ""});
      ChangeState(t, runs_[0],
                  {.from = "queued",
                   .to = "failed",
                   .actor = "server",
                   .error_reason = "DIVERGED",
                   .end_time_us = kNoonUs + 60'000'000});
    });
  }

  absl::StatusOr<Page<RunRow>> List(const ListQuery& query) {
    return Ask(*store_,
               [&](Reader& r) { return ListRuns(r, std::nullopt, query); });
  }
  // "a0 a2": the runs of all pages of a size, in order.
  std::string Names(const std::string& filter, const std::string& order = "",
                    int page_size = 100) {
    ListQuery query{filter, order, page_size, ""};
    std::string names;
    do {
      const auto page = List(query);
      if (!page.ok()) return std::string(page.status().message());
      for (const RunRow& row : page->rows)
        absl::StrAppend(&names, names.empty() ? "" : " ",
                        row.experiment_id.substr(0, 1), row.point);
      query.page_token = page->next_page_token;
    } while (!query.page_token.empty());
    return names;
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
  std::vector<RunKey> runs_;
};

TEST_F(ListingTest, WithoutAFilterTheNewestExperimentComesFirst) {
  EXPECT_EQ(Names(""), "b0 a0 a1 a2 a3 a4 a5");
}

TEST_F(ListingTest, FiltersByEveryKindOfField) {
  const std::pair<const char*, const char*> kCases[] = {
      {"state = FAILED", "a0"},
      {"state = failed", "a0"},
      {"state != QUEUED", "a0"},
      {"state IN (FAILED, QUEUED) AND user = bob", "b0"},
      {"user = users/bob", "b0"},
      {"tag = thesis AND seed <= 2", "a0 a1"},
      {"tag != thesis", "b0"},
      {"tag:hes AND seed = 3", "a2"},
      {"title:RULES AND seed > 5", "a5"},
      {"error = DIVERGED", "a0"},
      {"experiment = bbbbbbbbbb", "b0"},
      {"point = 4", "a4"},
      {"create_time > 2026-02-01", "b0"},
      {"create_time = 2026-01-31 AND point = 0", "a0"},
      {"create_time < 2026-01-31T11:59:59Z", ""},
      {"end_time >= 2026-01-31T12:01:00Z", "a0"},
      {"experiment.rule.type = hebbian", "a0 a2 a4"},
      {"experiment.rule.type IN (oja, stdp_rate)", "b0 a1 a3 a5"},
      {"experiment.rule.type:rate", "a1 a3 a5"},
      {"experiment.rule.type != hebbian", "b0 a1 a3 a5"},
      {"experiment.network.units = 100 AND length >= 6", "a3 a4"},
      {"experiment.network.units < 50", "b0"},
      {"rule.type = oja", "b0"},
      {"units = 20", "b0"},
      {"length >= 4", "a2 a3 a4"},
      {"length < 4", "a0 a1"},
      {"length IN (0, 8)", "a0 a4"},
      {"NOT length >= 4", "b0 a0 a1 a5"},
      {"NOT (seed > 1 OR user = bob)", "a0"},
      {"(length = 2 OR length = 6) AND rule.type = stdp_rate", "a1 a3"},
      {"rule.type > hebbian AND rule.type <= oja", "b0"},
  };
  for (const auto& [filter, names] : kCases)
    EXPECT_EQ(Names(filter), names) << filter;
}

TEST_F(ListingTest, FaultsSayWhereWhatAndTheNearestName) {
  const std::pair<const char*, const char*> kCases[] = {
      {"lenght >= 4",
       "filter:1: no field, parameter or summary value is "
       "called lenght; did you mean length?"},
      {"state = FAILD", "did you mean FAILED?"},
      {"seed = 1 AND state = FAILD", "filter:22: no state"},
      {"state > FAILED", "a state takes"},
      {"create_time > yesterday", "2026-01-31T12:00:00Z"},
      {"seed = many", "'many' is not a number"},
      {"tag > x", "a tag takes"},
  };
  for (const auto& [filter, part] : kCases) {
    const auto page = List({.filter = filter});
    EXPECT_EQ(page.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(page.status().message(), HasSubstr(part));
  }
  EXPECT_THAT(List({.order_by = "lenght"}).status().message(),
              HasSubstr("order_by:1: no field"));
  EXPECT_THAT(List({.order_by = "tag"}).status().message(),
              HasSubstr("cannot sort by tag"));
}

TEST_F(ListingTest, AShortPathThatIsAmbiguousIsRefusedWithItsMeanings) {
  Do(*store_, [&](Transaction& t) {
    StoreSummary(t, runs_[0], {"recall.length", "1", 1, ""});
    StoreSummary(t, runs_[0], {"replay.length", "1", 1, ""});
  });
  EXPECT_EQ(Names("length = 2"), "a1") << "a whole name is itself";
  Do(*store_, [&](Transaction& t) {
    StoreSummary(t, runs_[0], {"a.norm", "1", 1, ""});
    StoreSummary(t, runs_[0], {"b.norm", "1", 1, ""});
  });
  EXPECT_THAT(Names("norm = 1"), HasSubstr("ambiguous: write one of a.norm"));
}

TEST_F(ListingTest, FieldNamesAreThoseThatAFilterTakes) {
  const FieldNames names =
      Ask(*store_, [](Reader& r) { return AllFieldNames(r, Listed::kRuns); });
  EXPECT_THAT(names.parameters, ElementsAre("experiment.network.units",
                                            "experiment.rule.type", "seed"));
  EXPECT_THAT(names.summary_values, ElementsAre("length"));
  EXPECT_THAT(names.built_in, testing::Contains("start_time"));
  for (const auto* all :
       {&names.built_in, &names.parameters, &names.summary_values})
    for (const std::string& name : *all)
      EXPECT_THAT(Names(absl::StrCat(name, " = 2026-01-31")),
                  testing::Not(HasSubstr("no field")));
  const FieldNames of_experiments = Ask(*store_, [](Reader& r) {
    return AllFieldNames(r, Listed::kExperiments);
  });
  EXPECT_THAT(of_experiments.built_in,
              testing::Not(testing::Contains("start_time")));
}

TEST_F(ListingTest, SqlInAFilterIsText) {
  for (const char* filter :
       {"title = \"'; DROP TABLE run; --\"", "user = '\" OR 1=1 --'",
        "rule.type = 'x'' OR ''1''=''1'", "title:\"%' OR '1'='1\""})
    EXPECT_EQ(Names(filter), "") << filter;
  EXPECT_EQ(Names("title = 'x'; DELETE FROM run").find("filter:"), 0u);
  EXPECT_THAT(Names("e.user = ada"), HasSubstr("no field"));
  EXPECT_EQ(Names("").size(), 20u) << "all seven are still there";
}

TEST_F(ListingTest, SortsWithAbsentValuesLastEitherWay) {
  EXPECT_EQ(Names("", "length"), "a0 a1 a2 a3 a4 a5 b0");
  EXPECT_EQ(Names("", "length desc"), "a4 a3 a2 a1 a0 b0 a5");
  EXPECT_EQ(Names("", "rule.type, length desc"), "a4 a2 a0 b0 a3 a1 a5");
  EXPECT_EQ(Names("", "units, seed desc"), "b0 a5 a4 a3 a2 a1 a0");
  EXPECT_EQ(Names("", "end_time, point desc"), "a0 a5 a4 a3 a2 a1 b0");
}

TEST_F(ListingTest, PagesOfAnySizeAreTheWholeListing) {
  for (const char* order : {"", "length", "length desc", "rule.type, seed desc",
                            "create_time", "end_time desc", "user desc"})
    for (const char* filter : {"", "length >= 2", "NOT state = FAILED"}) {
      const std::string all = Names(filter, order);
      for (const int size : {1, 2, 3, 5})
        EXPECT_EQ(Names(filter, order, size), all)
            << filter << " by " << order << " in pages of " << size;
    }
}

TEST_F(ListingTest, PagesAreStableWhileRowsComeIn) {
  for (const char* order : {"", "length desc", "user, seed"}) {
    std::set<std::string> seen;
    const std::string before = Names("", order);
    ListQuery query{"", order, 2, ""};
    char letter = order[0] == '\0' ? 'c' : (order[0] == 'l' ? 'd' : 'e');
    bool is_first = true;
    do {
      const auto page = List(query);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const RunRow& row : page->rows)
        EXPECT_TRUE(
            seen.insert(absl::StrCat(row.experiment_id.substr(0, 1), row.point))
                .second)
            << "comes twice";
      if (is_first) SubmitSome(*store_, letter, 3);
      is_first = false;
      query.page_token = page->next_page_token;
    } while (!query.page_token.empty());
    for (const absl::string_view name : absl::StrSplit(before, ' '))
      EXPECT_TRUE(seen.count(std::string(name))) << name << " is left out";
  }
}

TEST_F(ListingTest, CountsMatches) {
  EXPECT_EQ(List({.page_size = 1})->total_size, 7);
  EXPECT_FALSE(List({.page_size = 1})->total_is_lower_bound);
  SubmitSome(*store_, 'z', 1500);
  EXPECT_EQ(List({.page_size = 1})->total_size, 1000);
  EXPECT_TRUE(List({.page_size = 1})->total_is_lower_bound);
}

TEST_F(ListingTest, ListsOneExperimentsRuns) {
  const auto page = Ask(*store_, [](Reader& r) {
    return ListRuns(r, *FindExperiment(r, "aaaa"),
                    {.filter = "rule.type = hebbian", .page_size = 2});
  });
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->rows.size(), 2u);
  EXPECT_EQ(page->total_size, 3);
}

TEST_F(ListingTest, RefusesPageSizesOutOfRange) {
  for (const int size : {0, -1, 1001})
    EXPECT_EQ(List({.page_size = size}).status().code(),
              absl::StatusCode::kInvalidArgument);
}

TEST_F(ListingTest, ListsExperiments) {
  const std::pair<ListQuery, std::string> kCases[] = {
      {{.filter = ""}, "ba"},
      {{.filter = "state = FAILED"}, "a"},
      {{.filter = "user = bob OR tag = x"}, "ba"},
      {{.filter = "tag = x"}, "a"},
      {{.filter = "preset = ''"}, "ba"},
      {{.filter = "hash = 'e1:a'"}, "a"},
      {{.filter = "rule.type = oja"}, "b"},
      {{.filter = "rule.type = hebbian"}, "a"},
      {{.filter = "run_count > 3"}, "a"},
      {{.filter = "", .order_by = "user"}, "ab"},
  };
  for (const auto& [query, letters] : kCases) {
    const auto page =
        Ask(*store_, [&](Reader& r) { return ListExperiments(r, query); });
    ASSERT_TRUE(page.ok()) << page.status();
    std::string got;
    for (const ExperimentRow& row : page->rows) got += row.id[0];
    EXPECT_EQ(got, letters) << query.filter;
  }
}

TEST_F(ListingTest, AnExperimentInAListingHasItsTags) {
  const auto page = Ask(*store_, [&](Reader& r) {
    return ListExperiments(r, {.filter = "user = ada"});
  });
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->rows[0].tags, ElementsAre("thesis", "x"));
  EXPECT_THAT(page->rows[0].text, IsEmpty());
}

TEST_F(ListingTest, MatchingRunsComeByPointAndNotTooMany) {
  const auto some = Ask(*store_, [](Reader& r) {
    return MatchingRuns(r, "rule.type = hebbian", 3);
  });
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_THAT(*some, ElementsAre(runs_[0], runs_[2], runs_[4]));
  const auto many = Ask(*store_, [](Reader& r) {
    return MatchingRuns(r, "rule.type = hebbian", 2);
  });
  EXPECT_EQ(many.status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace engram::store
