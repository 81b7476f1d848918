#include "server/worker/blob_client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "server/worker/rpc.h"
#include "tests/server/worker/fake_server.h"

namespace engram {
namespace {

using testing::ElementsAre;

class BlobClientTest : public testing::Test {
 protected:
  FakeServer server_;
  std::atomic<bool> gone_ = false;
  BlobClient client_{DialServer(server_.address()), FakeServer::kToken,
                     [this] { return gone_.load(); }};
  std::string bytes_ = std::string(kChunkBytes, 'a') + "the rest";
  std::vector<Chunk> chunks_ =
      CutIntoChunks(std::as_bytes(std::span(bytes_.data(), bytes_.size())));
};

TEST_F(BlobClientTest, WritesWhatIsMissingCompressedWhereThatIsSmaller) {
  ASSERT_TRUE(client_.Keep(chunks_).ok());
  const FakeServer::Seen seen = server_.seen();
  ASSERT_EQ(seen.chunks.size(), 2u);
  EXPECT_EQ(seen.chunks.at(chunks_[0].digest), std::string(kChunkBytes, 'a'));
  EXPECT_EQ(seen.chunks.at(chunks_[1].digest), "the rest");
  EXPECT_EQ(seen.chunks_compressed, 1);
  EXPECT_THAT(seen.authorizations,
              ElementsAre(std::string("Bearer ") + FakeServer::kToken));
}

TEST_F(BlobClientTest, DoesNotWriteWhatIsThere) {
  ASSERT_TRUE(client_.Keep(chunks_).ok());
  ASSERT_TRUE(client_.Keep(chunks_).ok());
  EXPECT_EQ(server_.seen().writes, 1);
}

TEST_F(BlobClientTest, WritesEqualChunksOnce) {
  const std::string zeros(3 * kChunkBytes, '\0');
  const auto chunks =
      CutIntoChunks(std::as_bytes(std::span(zeros.data(), zeros.size())));
  ASSERT_TRUE(client_.Keep(chunks).ok());
  EXPECT_EQ(server_.seen().chunks_compressed, 1);
}

TEST_F(BlobClientTest, NothingToKeepAsksNobody) {
  ASSERT_TRUE(client_.Keep({}).ok());
  EXPECT_TRUE(server_.seen().authorizations.empty());
}

TEST_F(BlobClientTest, TriesAgainWhileTheServerIsAway) {
  server_.FailWrites(2, grpc::StatusCode::UNAVAILABLE);
  ASSERT_TRUE(client_.Keep(chunks_).ok());
  EXPECT_EQ(server_.seen().writes, 3);
  EXPECT_EQ(server_.seen().chunks.size(), 2u);
}

TEST_F(BlobClientTest, GivesUpWhenTheServerIsGoneForGood) {
  server_.FailWrites(1000, grpc::StatusCode::UNAVAILABLE);
  gone_ = true;
  EXPECT_EQ(client_.Keep(chunks_).code(), absl::StatusCode::kUnavailable);
}

TEST_F(BlobClientTest, PassesARefusalOn) {
  server_.FailWrites(1, grpc::StatusCode::RESOURCE_EXHAUSTED);
  const absl::Status status = client_.Keep(chunks_);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "as the test wants it");
}

}  // namespace
}  // namespace engram
