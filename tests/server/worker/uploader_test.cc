#include "server/worker/uploader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "server/array/chunk.h"
#include "server/array/manifest.h"
#include "tests/server/worker/fake_keeper.h"
#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using std::chrono::milliseconds;

class UploaderTest : public testing::Test {
 protected:
  void PutState(const std::string& attempt, const std::string& bytes,
                Upload::Kind kind = Upload::Kind::kFinalState) {
    v1::WorkerEvent event;
    event.mutable_key()->set_attempt(attempt);
    event.mutable_checkpoint()->mutable_state()->set_tick(1);
    Upload upload;
    upload.kind = kind;
    upload.bytes = *spool_->Add(bytes, Spool::Room::kWait);
    ASSERT_TRUE(outbox_.Put(event, std::move(upload)).ok());
  }
  void PutEnd(const std::string& attempt) {
    v1::WorkerEvent event;
    event.mutable_key()->set_attempt(attempt);
    event.mutable_finished()->set_state(v1::RUN_STATE_SUCCEEDED);
    outbox_.PutAtOnce(event);
  }
  v1::WorkerEvent Next() {
    const auto message = outbox_.Next(milliseconds(0));
    return message ? message->event() : v1::WorkerEvent();
  }

  TestSpool spool_;
  Outbox outbox_{spool_};
  FakeKeeper keeper_;
  Uploader uploader_{outbox_, keeper_};
};

TEST_F(UploaderTest, CutsHashesAndUploadsAState) {
  const std::string bytes = std::string(kChunkBytes, 'a') + "the rest";
  PutState("a", bytes);
  EXPECT_TRUE(uploader_.UploadPending());
  const v1::ArrayManifest manifest = Next().checkpoint().state().manifest();
  EXPECT_TRUE(CheckManifest(manifest).ok()) << CheckManifest(manifest);
  EXPECT_EQ(manifest.type(), v1::ELEMENT_TYPE_UINT8);
  EXPECT_EQ(manifest.shape(0), std::ssize(bytes));
  ASSERT_EQ(manifest.chunks_size(), 2);
  EXPECT_TRUE(keeper_.Bytes(manifest.chunks()) == bytes);
  EXPECT_FALSE(uploader_.UploadPending());
  EXPECT_EQ(spool_->file_bytes(), 0) << "what is uploaded is forgotten";
}

TEST_F(UploaderTest, ManyRunsTakeOneCall) {
  for (int i = 0; i < 50; ++i) {
    PutState(std::to_string(i), "state " + std::to_string(i));
    PutEnd(std::to_string(i));
  }
  EXPECT_TRUE(uploader_.UploadPending());
  EXPECT_EQ(keeper_.calls, 1);
  EXPECT_EQ(keeper_.chunks.size(), 50u);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(Next().checkpoint().state().manifest().chunks_size(), 1);
    EXPECT_EQ(Next().finished().state(), v1::RUN_STATE_SUCCEEDED);
  }
}

TEST_F(UploaderTest, OneThatIsRefusedDoesNotTakeTheOthersWithIt) {
  for (const char* attempt : {"a", "b", "c"}) {
    PutState(attempt, std::string("state of ") + attempt);
    PutEnd(attempt);
  }
  const std::string bad = "state of b";
  keeper_.refused =
      CutIntoChunks(std::as_bytes(std::span(bad.data(), bad.size())))[0].digest;
  uploader_.UploadPending();
  EXPECT_TRUE(Next().has_checkpoint());
  EXPECT_EQ(Next().finished().state(), v1::RUN_STATE_SUCCEEDED);
  const v1::WorkerEvent end = Next();
  EXPECT_EQ(end.key().attempt(), "b");
  EXPECT_EQ(end.finished().error().reason(), "STORAGE");
  EXPECT_TRUE(Next().has_checkpoint());
  EXPECT_EQ(Next().finished().state(), v1::RUN_STATE_SUCCEEDED);
}

TEST_F(UploaderTest, AStateThatCannotBeReadIsNotTakenForAnother) {
  TestSpool on_disk({.memory_bytes = 0});
  Upload upload;
  upload.kind = Upload::Kind::kFinalState;
  upload.bytes = *on_disk->Add("0123456789", Spool::Room::kWait);
  v1::WorkerEvent event;
  event.mutable_key()->set_attempt("a");
  event.mutable_checkpoint();
  ASSERT_TRUE(outbox_.Put(event, std::move(upload)).ok());
  PutEnd("a");
  for (const auto& entry :
       std::filesystem::directory_iterator(on_disk.folder().path())) {
    std::filesystem::resize_file(entry.path(), 3);
  }
  uploader_.UploadPending();
  EXPECT_EQ(Next().finished().error().reason(), "STORAGE");
  EXPECT_TRUE(keeper_.chunks.empty());
}

TEST_F(UploaderTest, TriesAgainWhenThereWasNoMemory) {
  keeper_.throws_bad_alloc = true;
  std::thread thread([&] { uploader_.Run(); });
  PutState("a", "state");
  const auto message = outbox_.Next(std::chrono::seconds(20));
  EXPECT_TRUE(message && message->event().has_checkpoint());
  EXPECT_EQ(keeper_.calls, 2);
  outbox_.Close();
  thread.join();
}

TEST_F(UploaderTest, RunsUntilTheOutboxIsClosed) {
  std::thread thread([&] { uploader_.Run(); });
  PutState("a", "state");
  // It is sent once the other thread has uploaded it.
  const auto message = outbox_.Next(std::chrono::seconds(20));
  EXPECT_TRUE(message && message->event().has_checkpoint());
  outbox_.Close();
  thread.join();
}

}  // namespace
}  // namespace engram
