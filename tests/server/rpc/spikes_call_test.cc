// Spikes that a run has left, as readers and other runs get them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "reading_lab.h"
#include "server/store/experiment_table.h"
#include "server/store/item_table.h"
#include "server/store/run_table.h"
#include "server/store/spike_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// A run with 40 units whose unit u fires at every step s with s % 40 == u, for
// 1,000 steps of 0.5 ms: one spike a step.
class SpikesCallTest : public ReadingLab {
 protected:
  static constexpr int kUnits = 40;
  static constexpr int kSteps = 1000;

  SpikesCallTest() : id_(Submit(SmallText())) {
    const absl::Status status = running_.server().store().Write(
        [&](store::Transaction& transaction) -> absl::Status {
          const auto key = store::FindExperiment(transaction, id_);
          if (!key.ok()) return key.status();
          const store::RunKey run = *store::FindRun(transaction, *key, 0);
          for (int begin = 0; begin < kSteps; begin += 100) {
            auto stored = Store(transaction, run, begin, begin + 100);
            if (!stored.ok()) return stored;
          }
          return End(transaction, run);
        });
    EXPECT_TRUE(status.ok()) << status;
  }

  static absl::Status Store(store::Transaction& transaction, store::RunKey run,
                            int begin, int end) {
    const store::PopulationRow population = {
        .name = "exc", .unit_count = kUnits, .dt_ms = 0.5};
    std::vector<int64_t> steps;
    std::vector<int32_t> units;
    store::v1::ItemChunk chunk;
    auto& item = *chunk.add_items()->mutable_spikes();
    item.set_population("exc");
    for (int step = begin; step < end; ++step) {
      steps.push_back(step);
      units.push_back(step % kUnits);
      item.add_steps(step);
      item.add_units(step % kUnits);
    }
    const int64_t ordinal = begin / 100 + 1;
    store::AppendItems(transaction, run, ordinal, chunk);
    return store::AppendSpikes(transaction, run, population, steps, units,
                               ordinal);
  }

  static absl::Status End(store::Transaction& transaction, store::RunKey run) {
    for (const auto& [from, to] :
         {std::pair("queued", "starting"), std::pair("starting", "running")}) {
      EXPECT_TRUE(store::ChangeState(transaction, run,
                                     {.from = from, .to = to, .now_us = 1}));
    }
    EXPECT_TRUE(store::ChangeState(
        transaction, run,
        {.from = "running", .to = "succeeded", .now_us = 2, .end_time_us = 2}));
    return absl::OkStatus();
  }

  grpc::Status TryRead(const std::function<void(v1::ReadSpikesRequest&)>& with,
                       v1::ReadSpikesResponse* reply) {
    v1::ReadSpikesRequest request;
    request.set_name(id_ + "/0");
    request.set_population("exc");
    with(request);
    return runs_->ReadSpikes(As(token_).get(), request, reply);
  }
  v1::ReadSpikesResponse Spikes(
      const std::function<void(v1::ReadSpikesRequest&)>& with) {
    v1::ReadSpikesResponse reply;
    const grpc::Status status = TryRead(with, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  std::string Refusal(const std::function<void(v1::ReadSpikesRequest&)>& with) {
    v1::ReadSpikesResponse reply;
    const grpc::Status status = TryRead(with, &reply);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return status.error_message();
  }

  const std::string id_;
};

TEST_F(SpikesCallTest, PopulationsSayWhatTheyAre) {
  v1::ListPopulationsRequest request;
  request.set_name(id_ + "/0");
  v1::ListPopulationsResponse reply;
  ASSERT_TRUE(runs_->ListPopulations(As(token_).get(), request, &reply).ok());
  ASSERT_EQ(reply.populations_size(), 1);
  EXPECT_EQ(reply.populations(0).name(), "exc");
  EXPECT_EQ(reply.populations(0).unit_count(), kUnits);
  EXPECT_EQ(reply.populations(0).dt(), 0.5);
  EXPECT_EQ(reply.populations(0).spike_count(), kSteps);
  EXPECT_EQ(reply.populations(0).last_step(), kSteps - 1);
}

TEST_F(SpikesCallTest, PagesHaveEverySpikeOnce) {
  std::vector<int64_t> steps;
  int64_t from = 0;
  do {
    const auto page = Spikes([&](auto& request) {
      request.set_max_spikes(300);
      request.set_from_index(from);
    });
    steps.insert(steps.end(), page.steps().begin(), page.steps().end());
    from = page.next_index();
  } while (from != 0);
  ASSERT_THAT(steps, SizeIs(kSteps));
  for (int i = 0; i < kSteps; ++i) EXPECT_EQ(steps[static_cast<size_t>(i)], i);
}

TEST_F(SpikesCallTest, ARangeIsOfStepsAndOfUnits) {
  const auto read = Spikes([](auto& request) {
    request.set_begin_step(80);
    request.set_end_step(160);
    request.set_begin_unit(3);
    request.set_end_unit(5);
  });
  EXPECT_THAT(read.steps(), ElementsAre(83, 84, 123, 124));
  EXPECT_THAT(read.units(), ElementsAre(3, 4, 3, 4));
  EXPECT_EQ(read.next_index(), 0);
  // Pages of a range go on where they ended.
  const auto second = Spikes([](auto& request) {
    request.set_begin_step(80);
    request.set_begin_unit(3);
    request.set_end_unit(5);
    request.set_from_index(84);
    request.set_max_spikes(1);
  });
  EXPECT_THAT(second.steps(), ElementsAre(84));
  EXPECT_EQ(second.next_index(), 123);
}

// 1,000 steps in 10 columns and 40 units in 4 rows: every cell has some of its
// units fire, and sends the first spike in it.
TEST_F(SpikesCallTest, APictureHasTheFirstSpikeOfEachCellAndAllCounts) {
  const auto read = Spikes([](auto& request) {
    request.set_columns(10);
    request.set_rows(4);
  });
  EXPECT_EQ(read.steps_size(), 40);
  EXPECT_THAT(
      std::vector<int64_t>(read.steps().begin(), read.steps().begin() + 4),
      ElementsAre(0, 10, 20, 30));
  EXPECT_THAT(read.counts(), SizeIs(10));
  EXPECT_THAT(read.counts(), Each(100));
  EXPECT_EQ(read.begin_step(), 0);
  EXPECT_EQ(read.end_step(), kSteps);
}

// The columns divide what was asked for, not what is there.
TEST_F(SpikesCallTest, APictureOfARangeBeyondTheLastSpikeIsEmptyThere) {
  const auto read = Spikes([](auto& request) {
    request.set_begin_step(900);
    request.set_end_step(1100);
    request.set_columns(4);
    request.set_rows(1);
  });
  EXPECT_THAT(read.counts(), ElementsAre(50, 50, 0, 0));
  EXPECT_THAT(read.steps(), ElementsAre(900, 950));
}

TEST_F(SpikesCallTest, WhatCannotBeIsRefusedWithNumbers) {
  EXPECT_THAT(Refusal([](auto& request) { request.set_columns(10); }),
              HasSubstr("10 columns and 0 rows"));
  EXPECT_THAT(Refusal([](auto& request) {
                request.set_columns(100'000);
                request.set_rows(100);
              }),
              HasSubstr("at most 400000 cells"));
  EXPECT_THAT(Refusal([](auto& request) {
                request.set_begin_step(5);
                request.set_end_step(5);
              }),
              HasSubstr("[5, 5) is empty"));
  EXPECT_THAT(Refusal([](auto& request) { request.set_begin_unit(-1); }),
              HasSubstr("begins before 0"));
  EXPECT_THAT(Refusal([](auto& request) { request.set_from_index(-1); }),
              HasSubstr("spikes count from 0"));
}

TEST_F(SpikesCallTest, AnUnknownPopulationNamesTheNearest) {
  v1::ReadSpikesResponse reply;
  const grpc::Status status =
      TryRead([](auto& request) { request.set_population("exx"); }, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("did you mean exc"));
}

TEST_F(SpikesCallTest, AnotherRunReadsTimesAndUnits) {
  const std::string reader =
      Submit(Text(absl::StrCat("initial: ", id_, "/0/spikes/exc")));
  const auto inputs = Inputs(reader);
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0].name(), id_ + "/0/spikes/exc");
  EXPECT_THAT(inputs[0].manifest().shape(), ElementsAre(kSteps, 2));
  std::vector<double> expected;
  for (int step = 0; step < kSteps; ++step) {
    expected.push_back((step + 1) * 0.5);  // at the end of the step [ms]
  }
  for (int step = 0; step < kSteps; ++step) {
    expected.push_back(step % kUnits);
  }
  EXPECT_EQ(ReadInput(reader, inputs[0].manifest().digest()),
            BytesOf(expected));
}

}  // namespace
}  // namespace engram
