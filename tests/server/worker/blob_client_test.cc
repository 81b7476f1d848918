#include "server/worker/blob_client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>

#include "server/array/chunk.h"
#include "server/worker/rpc.h"
#include "tests/server/worker/fake_server.h"

namespace engram {
namespace {

using testing::ElementsAre;

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class BlobClientTest : public testing::Test {
 protected:
  BlobClientTest() {
    for (const Chunk& chunk : CutIntoChunks(
             std::as_bytes(std::span(bytes_.data(), bytes_.size())))) {
      digests_.push_back(chunk.digest);
    }
  }

  absl::Status Keep(
      steady_clock::time_point deadline = steady_clock::time_point::max()) {
    return client_.Keep(
        digests_,
        [this](size_t index) -> absl::StatusOr<std::string> {
          ++asked_;
          return bytes_.substr(index * kChunkBytes, kChunkBytes);
        },
        deadline);
  }

  // Those of all digests in order, or why not.
  absl::StatusOr<std::string> Fetch() {
    std::string bytes;
    absl::Status fetched = client_.Fetch(digests_, [&](absl::string_view some) {
      bytes.append(some.data(), some.size());
      return absl::OkStatus();
    });
    if (!fetched.ok()) return fetched;
    return bytes;
  }

  FakeServer server_;
  std::atomic<bool> gone_ = false;
  BlobClient client_{DialServer(server_.address()),
                     FakeServer::kToken,
                     [this] { return gone_.load(); },
                     {.wait = 1ms, .no_room = 300ms}};
  std::string bytes_ = std::string(kChunkBytes, 'a') + "the rest";
  std::vector<std::string> digests_;
  int asked_ = 0;  // for bytes
};

TEST_F(BlobClientTest, WritesWhatIsMissingCompressedWhereThatIsSmaller) {
  ASSERT_TRUE(Keep().ok());
  const FakeServer::Seen seen = server_.seen();
  ASSERT_EQ(seen.chunks.size(), 2u);
  EXPECT_EQ(seen.chunks.at(digests_[0]), std::string(kChunkBytes, 'a'));
  EXPECT_EQ(seen.chunks.at(digests_[1]), "the rest");
  EXPECT_EQ(seen.chunks_compressed, 1);
  EXPECT_THAT(seen.authorizations,
              ElementsAre(std::string("Bearer ") + FakeServer::kToken));
}

TEST_F(BlobClientTest, DoesNotWriteWhatIsThere) {
  ASSERT_TRUE(Keep().ok());
  ASSERT_TRUE(Keep().ok());
  EXPECT_EQ(server_.seen().writes, 1);
}

TEST_F(BlobClientTest, WritesEqualChunksOnce) {
  bytes_ = std::string(2 * kChunkBytes, 'a');
  digests_ = {digests_[0], digests_[0]};
  ASSERT_TRUE(Keep().ok());
  EXPECT_EQ(server_.seen().chunks_compressed, 1);
  EXPECT_EQ(asked_, 1);
}

TEST_F(BlobClientTest, NothingToKeepAsksNobody) {
  digests_.clear();
  ASSERT_TRUE(Keep().ok());
  EXPECT_EQ(*Fetch(), "");
  EXPECT_TRUE(server_.seen().authorizations.empty());
}

TEST_F(BlobClientTest, AsksForBytesOfMissingChunksAlone) {
  server_.AddChunk(digests_[0], std::string(kChunkBytes, 'a'));
  ASSERT_TRUE(Keep().ok());
  EXPECT_EQ(asked_, 1);
}

TEST_F(BlobClientTest, BytesThatCannotBeReadEndIt) {
  EXPECT_EQ(client_
                .Keep(
                    digests_,
                    [](size_t) -> absl::StatusOr<std::string> {
                      return absl::DataLossError("the spool is gone");
                    },
                    steady_clock::time_point::max())
                .message(),
            "the spool is gone");
  EXPECT_TRUE(server_.seen().chunks.empty());
}

TEST_F(BlobClientTest, TriesAgainWhileTheServerIsAway) {
  server_.FailWrites(2, grpc::StatusCode::UNAVAILABLE);
  ASSERT_TRUE(Keep().ok());
  EXPECT_EQ(server_.seen().writes, 3);
  EXPECT_EQ(server_.seen().chunks.size(), 2u);
}

TEST_F(BlobClientTest, GivesUpWhenTheServerIsGoneForGood) {
  server_.FailWrites(1000, grpc::StatusCode::UNAVAILABLE);
  gone_ = true;
  EXPECT_EQ(Keep().code(), absl::StatusCode::kUnavailable);
}

TEST_F(BlobClientTest, PassesARefusalOn) {
  server_.FailWrites(1, grpc::StatusCode::INVALID_ARGUMENT);
  const absl::Status status = Keep();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "as the test wants it");
}

TEST_F(BlobClientTest, AStoreWithoutRoomIsGivenTimeToGetSome) {
  server_.FailWrites(1, grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Keep().ok());
  server_.FailWrites(1000, grpc::StatusCode::RESOURCE_EXHAUSTED);
  bytes_[0] = 'b';
  digests_ = {
      CutIntoChunks(std::as_bytes(std::span(bytes_.data(), 10)))[0].digest};
  EXPECT_EQ(Keep().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(BlobClientTest, AWorkerThatIsNotKnownYetTriesAgain) {
  server_.FailWrites(2, grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(Keep().ok());
}

TEST_F(BlobClientTest, ADeadlineEndsTheTries) {
  server_.FailWrites(1000, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Keep(steady_clock::now() + 20ms).code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(Keep(steady_clock::now() - 1s).code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST_F(BlobClientTest, FetchesWhatWasKept) {
  ASSERT_TRUE(Keep().ok());
  const auto fetched = Fetch();
  ASSERT_TRUE(fetched.ok()) << fetched.status();
  EXPECT_TRUE(*fetched == bytes_);
}

TEST_F(BlobClientTest, AFetchThatBreaksGoesOnWhereItWas) {
  ASSERT_TRUE(Keep().ok());
  server_.BreakReadAfter(1);
  const auto fetched = Fetch();
  ASSERT_TRUE(fetched.ok()) << fetched.status();
  EXPECT_TRUE(*fetched == bytes_);
  EXPECT_EQ(server_.seen().reads, 2);
}

TEST_F(BlobClientTest, AChunkThatIsNotThereOrAnotherIsAnError) {
  EXPECT_EQ(Fetch().status().code(), absl::StatusCode::kNotFound);
  server_.AddChunk(digests_[0], "other bytes");
  EXPECT_EQ(Fetch().status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace engram
