#include "server/store/writer.h"

#include <atomic>
#include <future>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/setting_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(WriterTest, KeepsWhatAWorkItemWrote) {
  StoreFolder folder;
  auto store = folder.Open();
  Do(*store, [](Transaction& t) { StoreSetting(t, "draining", "1"); });
  EXPECT_EQ(Ask(*store, [](Reader& r) { return *ReadSetting(r, "draining"); }),
            "1");
}

TEST(WriterTest, KeepsNothingOfAFailingItemAndReturnsItsError) {
  StoreFolder folder;
  auto store = folder.Open();
  absl::Status status = store->Write([](Transaction& t) {
    StoreSetting(t, "a", "1");
    return absl::AbortedError("changed its mind");
  });
  EXPECT_EQ(status, absl::AbortedError("changed its mind"));
  EXPECT_FALSE(
      Ask(*store, [](Reader& r) { return ReadSetting(r, "a").has_value(); }));
}

// Holds the writer's thread until it is let go.
class Gate {
 public:
  void HoldWriter(Store& store) {
    std::promise<void> entered;
    store.WriteAsync(
        [&](Transaction&) {
          entered.set_value();
          open_.get_future().wait();
          return absl::OkStatus();
        },
        [](absl::Status) {});
    entered.get_future().wait();
  }
  void Open() { open_.set_value(); }

 private:
  std::promise<void> open_;
};

TEST(WriterTest, CommitsTogetherWhatQueuedMeanwhile) {
  StoreFolder folder;
  auto store = folder.Open();
  Gate gate;
  gate.HoldWriter(*store);
  const int64_t commits_before = store->commit_count();
  std::promise<void> last;
  for (int i = 0; i < 100; ++i)
    store->WriteAsync(
        [i](Transaction& t) {
          StoreSetting(t, absl::StrCat("s", i), "x");
          return absl::OkStatus();
        },
        [&last, i](absl::Status status) {
          EXPECT_TRUE(status.ok()) << status;
          if (i == 99) last.set_value();
        });
  gate.Open();
  last.get_future().wait();
  // One for the item at the gate and one for the hundred.
  EXPECT_EQ(store->commit_count() - commits_before, 2);
}

TEST(WriterTest, AFailingItemTakesNothingOfItsNeighboursWithIt) {
  StoreFolder folder;
  auto store = folder.Open();
  Gate gate;
  gate.HoldWriter(*store);
  std::vector<absl::StatusCode> codes;
  std::promise<void> last;
  for (int i = 0; i < 3; ++i)
    store->WriteAsync(
        [i](Transaction& t) {
          StoreSetting(t, absl::StrCat("s", i), "x");
          return i == 1 ? absl::AbortedError("no") : absl::OkStatus();
        },
        [&, i](absl::Status status) {
          codes.push_back(status.code());
          if (i == 2) last.set_value();
        });
  gate.Open();
  last.get_future().wait();
  EXPECT_THAT(codes,
              ElementsAre(absl::StatusCode::kOk, absl::StatusCode::kAborted,
                          absl::StatusCode::kOk));
  EXPECT_TRUE(Ask(*store, [](Reader& r) {
    return ReadSetting(r, "s0") && !ReadSetting(r, "s1") &&
           ReadSetting(r, "s2");
  }));
}

TEST(WriterTest, AnExceptionFailsItsItemAlone) {
  StoreFolder folder;
  auto store = folder.Open();
  absl::Status status = store->Write([](Transaction& t) -> absl::Status {
    StoreSetting(t, "a", "1");
    throw std::runtime_error("broken promise");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(status.message(), HasSubstr("broken promise"));
  Do(*store, [](Transaction& t) { StoreSetting(t, "b", "1"); });
  EXPECT_TRUE(Ask(*store, [](Reader& r) {
    return !ReadSetting(r, "a") && ReadSetting(r, "b");
  }));
}

TEST(WriterTest, AnExceptionOfWhoIsToldEndsNothing) {
  StoreFolder folder;
  auto store = folder.Open();
  std::atomic<int> heard = 0;
  store->SetCommitListener([&](std::vector<StoredEvent>) {
    ++heard;
    throw std::runtime_error("a deaf listener");
  });
  SubmitSome(*store, 'a');
  EXPECT_EQ(heard, 1);
  store->WriteAsync(
      [](Transaction& t) {
        StoreSetting(t, "a", "1");
        return absl::OkStatus();
      },
      [](absl::Status) { throw std::runtime_error("a lost caller"); });
  Do(*store, [](Transaction& t) { StoreSetting(t, "b", "1"); });
  EXPECT_TRUE(Ask(*store, [](Reader& r) {
    return ReadSetting(r, "a") && ReadSetting(r, "b");
  }));
}

TEST(WriterTest, TellsTheListenerOfCommittedEventsOnlyInOrder) {
  StoreFolder folder;
  auto store = folder.Open();
  std::vector<int64_t> told;
  store->SetCommitListener([&](std::vector<StoredEvent> events) {
    for (const StoredEvent& event : events) told.push_back(event.sequence);
  });
  const std::vector<RunKey> runs = SubmitSome(*store, 'a', 2);
  StateChange change{.from = "queued", .to = "starting", .actor = "server"};
  EXPECT_FALSE(store
                   ->Write([&](Transaction& t) {
                     EXPECT_TRUE(ChangeState(t, runs[0], change));
                     return absl::AbortedError("no");
                   })
                   .ok());
  Do(*store,
     [&](Transaction& t) { EXPECT_TRUE(ChangeState(t, runs[1], change)); });
  EXPECT_THAT(told, ElementsAre(1, 2, 3));
  EXPECT_EQ(Ask(*store, [](Reader& r) { return LastSequence(r); }), 3);
}

TEST(WriterTest, ReadersSeeWholeCommitsOfManyWriters) {
  StoreFolder folder;
  auto store = folder.Open();
  Do(*store, [](Transaction& t) {
    StoreSetting(t, "a", "0");
    StoreSetting(t, "b", "0");
  });
  std::atomic<bool> is_done = false;
  std::thread reading([&] {
    while (!is_done)
      Ask(*store, [](Reader& r) {
        EXPECT_EQ(*ReadSetting(r, "a"), *ReadSetting(r, "b"));
        return 0;
      });
  });
  std::vector<std::thread> writing;
  for (int w = 0; w < 4; ++w)
    writing.emplace_back([&] {
      for (int i = 0; i < 25; ++i)
        Do(*store, [&](Transaction& t) {
          const int next = std::stoi(*ReadSetting(t, "a")) + 1;
          StoreSetting(t, "a", absl::StrCat(next));
          StoreSetting(t, "b", absl::StrCat(next));
        });
    });
  for (std::thread& thread : writing) thread.join();
  is_done = true;
  reading.join();
  EXPECT_EQ(Ask(*store, [](Reader& r) { return *ReadSetting(r, "a"); }), "100");
}

TEST(WriterTest, WritesWhatIsQueuedBeforeItCloses) {
  StoreFolder folder;
  {
    auto store = folder.Open();
    for (int i = 0; i < 50; ++i)
      store->WriteAsync(
          [i](Transaction& t) {
            StoreSetting(t, absl::StrCat("s", i), "x");
            return absl::OkStatus();
          },
          [](absl::Status) {});
  }
  auto store = folder.Open();
  EXPECT_TRUE(Ask(*store, [](Reader& r) {
    return ReadSetting(r, "s0") && ReadSetting(r, "s49");
  }));
}

}  // namespace
}  // namespace engram::store
