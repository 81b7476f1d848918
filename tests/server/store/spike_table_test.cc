#include "server/store/spike_table.h"

#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/item_table.h"
#include "server/store/statement.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Spike = std::tuple<int64_t, int64_t, int32_t>;  // index, step, unit

const PopulationRow kExc = {.name = "exc", .unit_count = 10, .dt_ms = 0.1};
const PopulationRow kInh = {.name = "inh", .unit_count = 4, .dt_ms = 0.1};

class SpikeTableTest : public ::testing::Test {
 protected:
  // One report: spikes of some populations, as one chunk of items.
  struct Part {
    PopulationRow population;
    std::vector<int64_t> steps;
    std::vector<int32_t> units;
  };
  absl::Status Append(const std::vector<Part>& parts) {
    return store_->Write([&](Transaction& t) -> absl::Status {
      v1::ItemChunk chunk;
      for (const Part& part : parts) {
        auto& spikes = *chunk.add_items()->mutable_spikes();
        spikes.set_population(part.population.name);
        spikes.mutable_steps()->Add(part.steps.begin(), part.steps.end());
        spikes.mutable_units()->Add(part.units.begin(), part.units.end());
        auto status = AppendSpikes(t, run_, part.population, part.steps,
                                   part.units, next_ordinal_);
        if (!status.ok()) return status;
      }
      AppendItems(t, run_, next_ordinal_, chunk);
      next_ordinal_ += chunk.items_size();
      return absl::OkStatus();
    });
  }
  absl::StatusOr<std::vector<Spike>> Read(const std::string& name,
                                          const SpikeRange& range = {},
                                          size_t most = 1000) {
    std::vector<Spike> spikes;
    absl::Status status = store_->Read([&](Reader& r) -> absl::Status {
      auto population = FindPopulation(r, run_, name);
      if (!population.ok()) return population.status();
      return ForEachSpike(r, *population, range,
                          [&](int64_t index, int64_t step, int32_t unit) {
                            spikes.emplace_back(index, step, unit);
                            return spikes.size() < most;
                          });
    });
    if (!status.ok()) return status;
    return spikes;
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
  RunKey run_ = SubmitSome(*store_, 'a')[0];
  int64_t next_ordinal_ = 1;
};

TEST_F(SpikeTableTest, SpikesOfEachPopulationAreReadInTheirOrder) {
  ASSERT_TRUE(Append({{kExc, {1, 1, 3}, {2, 7, 2}}, {kInh, {2}, {0}}}).ok());
  ASSERT_TRUE(Append({{kExc, {3, 5}, {4, 0}}}).ok());
  EXPECT_THAT(*Read("exc"),
              ElementsAre(Spike{0, 1, 2}, Spike{1, 1, 7}, Spike{2, 3, 2},
                          Spike{3, 3, 4}, Spike{4, 5, 0}));
  EXPECT_THAT(*Read("inh"), ElementsAre(Spike{0, 2, 0}));
  const auto rows =
      Ask(*store_, [&](Reader& r) { return ReadPopulations(r, run_); });
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "exc");
  EXPECT_EQ(rows[0].unit_count, 10);
  EXPECT_EQ(rows[0].dt_ms, 0.1);
  EXPECT_EQ(rows[0].spike_count, 5);
  EXPECT_EQ(rows[0].last_step, 5);
}

TEST_F(SpikeTableTest, ARangeIsReadAlone) {
  for (int64_t step = 0; step < 50; ++step) {
    ASSERT_TRUE(Append({{kExc, {step, step}, {1, 2}}}).ok());
  }
  EXPECT_THAT(*Read("exc", {.begin_step = 48}),
              ElementsAre(Spike{96, 48, 1}, Spike{97, 48, 2}, Spike{98, 49, 1},
                          Spike{99, 49, 2}));
  EXPECT_THAT(*Read("exc", {.begin_step = 7, .end_step = 8}),
              ElementsAre(Spike{14, 7, 1}, Spike{15, 7, 2}));
  EXPECT_THAT(*Read("exc", {.from_index = 99}), ElementsAre(Spike{99, 49, 2}));
  EXPECT_THAT(*Read("exc", {}, 1), ElementsAre(Spike{0, 0, 1}));
  EXPECT_THAT(*Read("exc", {.begin_step = 50}), IsEmpty());
}

TEST_F(SpikeTableTest, APopulationThatDidNotFireIsThere) {
  ASSERT_TRUE(Append({{kExc, {}, {}}}).ok());
  EXPECT_THAT(*Read("exc"), IsEmpty());
}

TEST_F(SpikeTableTest, AnUnknownPopulationNamesTheNearest) {
  EXPECT_THAT(std::string(Read("exc").status().message()),
              HasSubstr("the run has recorded none"));
  ASSERT_TRUE(Append({{kExc, {1}, {1}}}).ok());
  const auto read = Read("ecx");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(read.status().message()),
              HasSubstr("did you mean exc"));
}

TEST_F(SpikeTableTest, RefusesSpikesThatCannotBe) {
  ASSERT_TRUE(Append({{kExc, {5}, {5}}}).ok());
  const auto refusal = [&](const Part& part) {
    const absl::Status status = Append({part});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_THAT(refusal({kExc, {4}, {5}}),
              HasSubstr("comes after one of unit 5"));
  EXPECT_THAT(refusal({kExc, {5}, {5}}),
              HasSubstr("comes after one of unit 5"));
  EXPECT_THAT(refusal({kExc, {6}, {10}}), HasSubstr("has 10 units"));
  EXPECT_THAT(refusal({kExc, {6}, {-1}}), HasSubstr("has 10 units"));
  PopulationRow other = kExc;
  other.dt_ms = 0.2;
  EXPECT_THAT(refusal({other, {6}, {1}}), HasSubstr("now has 10 and 0.2 ms"));
  other = kInh;
  other.dt_ms = 0;
  EXPECT_THAT(refusal({other, {6}, {1}}), HasSubstr("must be above 0"));
  EXPECT_EQ(Read("exc")->size(), 1u) << "nothing of them was kept";
}

TEST_F(SpikeTableTest, ALostChunkIsSaid) {
  ASSERT_TRUE(Append({{kExc, {1}, {1}}}).ok());
  Do(*store_, [&](Transaction& t) {
    t.Prepare("DELETE FROM item_chunk WHERE run = ?").Bind(run_).Run();
  });
  EXPECT_EQ(Read("exc").status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(SpikeTableTest, ARunThatIsRetriedBeginsWithoutSpikes) {
  ASSERT_TRUE(Append({{kExc, {9}, {1}}}).ok());
  Do(*store_, [&](Transaction& t) { ClearRecord(t, run_); });
  EXPECT_TRUE(Ask(*store_, [&](Reader& r) {
                return ReadPopulations(r, run_);
              }).empty());
  next_ordinal_ = 1;
  EXPECT_TRUE(Append({{kExc, {1}, {1}}}).ok());
}

}  // namespace
}  // namespace engram::store
