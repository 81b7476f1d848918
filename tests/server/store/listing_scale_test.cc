#include <algorithm>
#include <functional>
#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/listing.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

constexpr int64_t kRunsEach = 1500;

// What a listing should see of a run. Every experiment has more runs than are
// looked at one by one when three of them match.
struct Known {
  int experiment = 0;
  int64_t point = 0;
  double eta = 0;
  std::string rule{};
  double length = 0;
  bool has_length = false;
  std::string state{};
  int64_t end_time_us = 0;
  int64_t id() const { return experiment * kRunsEach + point; }
};

Known MakeKnown(int experiment, int64_t point) {
  Known run{.experiment = experiment, .point = point};
  run.eta = 0.01 * static_cast<double>((point * 7) % 89);
  // Constant in the odd experiments, varying in the even ones.
  run.rule = experiment % 2 == 1 ? "oja" : (point % 3 == 0 ? "oja" : "stdp");
  run.length = static_cast<double>((point * 13 + experiment) % 11);
  run.has_length = point % 5 != 4;
  run.state = point % 10 == 7 ? "failed" : "succeeded";
  run.end_time_us = kNoonUs + ((run.id() * 7919) % 6007) * 1'000'000;
  return run;
}

class ListingScaleTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new StoreFolder;
    store_ = folder_->Open().release();
    for (int experiment = 0; experiment < 4; ++experiment) Fill(experiment);
  }
  static void TearDownTestSuite() {
    delete store_;
    delete folder_;
    known_.clear();
  }

  static void Fill(int experiment) {
    ExperimentRow row =
        SomeExperiment(static_cast<char>('a' + experiment), kRunsEach);
    row.user = experiment < 2 ? "ada" : "bob";
    row.priority = experiment == 3 ? 0 : experiment;
    if (experiment % 2 == 1) row.constants = {{"rule", "oja"}};
    std::vector<NewRun> runs = SomeRuns(kRunsEach);
    for (NewRun& run : runs) {
      const Known known = MakeKnown(experiment, run.point);
      known_.push_back(known);
      run.varying = {{"eta", known.eta}};
      if (experiment % 2 == 0) run.varying.push_back({"rule", known.rule});
    }
    const std::vector<RunKey> keys = Submit(*store_, row, runs);
    Do(*store_, [&](Transaction& t) {
      for (int64_t point = 0; point < kRunsEach; ++point)
        End(t, keys[static_cast<size_t>(point)], MakeKnown(experiment, point));
    });
  }
  static void End(Transaction& t, RunKey key, const Known& known) {
    EXPECT_TRUE(ChangeState(t, key,
                            {.from = "queued",
                             .to = known.state,
                             .actor = "server",
                             .end_time_us = known.end_time_us}));
    StoreSummary(t, key,
                 {"length", "1", known.has_length ? known.length : 0,
                  known.has_length ? "" : "no item was active"});
  }

  using Meets = std::function<bool(const Known&)>;
  using Before = std::function<bool(const Known&, const Known&)>;

  static std::vector<int64_t> Expected(const Meets& meets,
                                       const Before& before) {
    std::vector<Known> chosen;
    std::copy_if(known_.begin(), known_.end(), std::back_inserter(chosen),
                 meets);
    std::sort(chosen.begin(), chosen.end(), before);
    std::vector<int64_t> ids;
    for (const Known& run : chosen) ids.push_back(run.id());
    return ids;
  }
  // The runs of all pages, in order.
  static std::vector<int64_t> Listed(const std::string& filter,
                                     const std::string& order, int page_size) {
    ListQuery query{filter, order, page_size, ""};
    std::vector<int64_t> ids;
    do {
      const auto page = Ask(
          *store_, [&](Reader& r) { return ListRuns(r, std::nullopt, query); });
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const RunRow& row : page->rows)
        ids.push_back((row.experiment_id[0] - 'a') * kRunsEach + row.point);
      query.page_token = page->next_page_token;
    } while (!query.page_token.empty());
    return ids;
  }

  static inline StoreFolder* folder_ = nullptr;
  static inline Store* store_ = nullptr;
  static inline std::vector<Known> known_;
};

struct FilterCase {
  const char* text;
  bool (*meets)(const Known&);
};

const FilterCase kFilters[] = {
    {"", [](const Known&) { return true; }},
    {"eta > 0.1 AND rule = oja",
     [](const Known& r) { return r.eta > 0.1 && r.rule == "oja"; }},
    {"state = SUCCEEDED AND length >= 3",
     [](const Known& r) {
       return r.state == "succeeded" && r.has_length && r.length >= 3;
     }},
    {"eta = 0.5 AND user = ada",
     [](const Known& r) { return r.eta == 0.5 && r.experiment < 2; }},
    {"NOT length >= 3 AND rule != stdp",
     [](const Known& r) {
       return !(r.has_length && r.length >= 3) && r.rule != "stdp";
     }},
    {"state = FAILED OR user = bob",
     [](const Known& r) { return r.state == "failed" || r.experiment >= 2; }},
    // Two broad parts that no run meets both of.
    {"eta >= 0.44 AND eta < 0.44", [](const Known&) { return false; }},
    {"end_time < 2026-01-31T13:00:00Z AND attempt_count = 0",
     [](const Known& r) { return r.end_time_us < kNoonUs + 3'600'000'000; }},
};

struct OrderCase {
  const char* text;
  // Sort key, ascending: absent last, then the run.
  bool (*before)(const Known&, const Known&);
};

const OrderCase kOrders[] = {
    {"",
     [](const Known& a, const Known& b) {
       return std::tuple(-a.experiment, a.point) <
              std::tuple(-b.experiment, b.point);
     }},
    {"eta",
     [](const Known& a, const Known& b) {
       return std::tuple(a.eta, a.id()) < std::tuple(b.eta, b.id());
     }},
    {"length desc",
     [](const Known& a, const Known& b) {
       const double x = a.has_length ? -a.length : 99;
       const double y = b.has_length ? -b.length : 99;
       return std::tuple(x, -a.id()) < std::tuple(y, -b.id());
     }},
    {"length",
     [](const Known& a, const Known& b) {
       const double x = a.has_length ? a.length : 99;
       const double y = b.has_length ? b.length : 99;
       return std::tuple(x, a.id()) < std::tuple(y, b.id());
     }},
    {"rule",
     [](const Known& a, const Known& b) {
       return std::tuple(a.rule, a.id()) < std::tuple(b.rule, b.id());
     }},
    {"end_time desc",
     [](const Known& a, const Known& b) {
       return std::tuple(-a.end_time_us, -a.id()) <
              std::tuple(-b.end_time_us, -b.id());
     }},
    {"state desc, user desc, seed",
     [](const Known& a, const Known& b) {
       const auto key = [](const Known& r) {
         return std::tuple(r.state == "failed", r.experiment < 2, r.point,
                           r.id());
       };
       return key(a) < key(b);
     }},
};

TEST_F(ListingScaleTest, EveryFilterInEveryOrderGivesTheRunsOfAModel) {
  for (const FilterCase& filter : kFilters)
    for (const OrderCase& order : kOrders)
      EXPECT_EQ(Listed(filter.text, order.text, 997),
                Expected(filter.meets, order.before))
          << filter.text << " / " << order.text;
}

TEST_F(ListingScaleTest, TotalsStopAtAThousand) {
  const auto total = [&](const std::string& filter) {
    const auto page = Ask(*store_, [&](Reader& r) {
      return ListRuns(r, std::nullopt, {.filter = filter, .page_size = 1});
    });
    return std::pair(page->total_size, page->total_is_lower_bound);
  };
  EXPECT_EQ(total(""), std::pair(int64_t{1000}, true));
  EXPECT_EQ(total("eta > 0.1"), std::pair(int64_t{1000}, true));
  EXPECT_EQ(total("state = FAILED"), std::pair(int64_t{600}, false));
  EXPECT_EQ(total("eta > 9"), std::pair(int64_t{0}, false));
}

TEST_F(ListingScaleTest, OneExperimentsRunsStayAmongThemselves) {
  const auto page = Ask(*store_, [&](Reader& r) {
    return ListRuns(r, *FindExperiment(r, "bbbb"),
                    {.filter = "state = SUCCEEDED",
                     .order_by = "eta desc",
                     .page_size = 1000});
  });
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->rows.size(), 1000u);
  for (const RunRow& row : page->rows) EXPECT_EQ(row.experiment_id[0], 'b');
  EXPECT_TRUE(page->total_is_lower_bound);
}

TEST_F(ListingScaleTest, MatchingRunsComeByExperimentAndPoint) {
  const auto keys = Ask(*store_, [&](Reader& r) {
    return MatchingRuns(r, "state = FAILED", 10'000);
  });
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->size(), 600u);
  EXPECT_TRUE(std::is_sorted(keys->begin(), keys->end()));
  const auto too_many = Ask(
      *store_, [&](Reader& r) { return MatchingRuns(r, "eta > 0.1", 100); });
  EXPECT_EQ(too_many.status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace engram::store
