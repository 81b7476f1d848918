#include "server/rpc/chunk_sink.h"

#include <gtest/gtest.h>

#include <span>

#include "server/array/manifest.h"
#include "server/store/store.h"
#include "tests/server/store/store_folder.h"

namespace engram {
namespace {

class ChunkSinkTest : public testing::Test {
 protected:
  store::StoreFolder folder_;
  const std::unique_ptr<store::Store> store_ = folder_.Open();
};

// Pieces whose ends lie nowhere near those of chunks.
TEST_F(ChunkSinkTest, AnArrayInPiecesIsTheArrayThatItIs) {
  std::string bytes(size_t{5} << 19, '\0');  // two and a half chunks
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(i * 2654435761U >> 13);
  }
  ChunkSink sink(store_->blobs());
  for (size_t at = 0; at < bytes.size(); at += 700'001) {
    ASSERT_TRUE(sink.Add(absl::string_view(bytes).substr(at, 700'001)).ok());
  }
  const ArrayFacts facts{
      ElementType::kUint8, ArrayOrder::kRowMajor, {std::ssize(bytes)}};
  const auto manifest = sink.Finish(facts);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  const auto whole = std::as_bytes(std::span(bytes));
  const std::vector<Chunk> chunks = CutIntoChunks(whole);
  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(manifest->digest(), MakeManifest({.type = facts.type,
                                              .order = facts.order,
                                              .shape = facts.shape,
                                              .unit = "1",
                                              .bytes = whole},
                                             chunks)
                                    .digest());
  std::string stored;
  for (const std::string& digest : manifest->chunks()) {
    const auto chunk = store_->blobs().Get(*store::DigestFromBytes(digest));
    ASSERT_TRUE(chunk.ok()) << chunk.status();
    stored += *chunk;
  }
  EXPECT_TRUE(stored == bytes);
}

TEST_F(ChunkSinkTest, ElementsThatDoNotFitTheShapeAreRefused) {
  ChunkSink sink(store_->blobs());
  ASSERT_TRUE(sink.Add("12345678").ok());
  const auto manifest =
      sink.Finish({ElementType::kFloat64, ArrayOrder::kRowMajor, {2}});
  EXPECT_EQ(manifest.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ChunkSinkTest, NoBytesAreAnEmptyArray) {
  ChunkSink sink(store_->blobs());
  const auto manifest =
      sink.Finish({ElementType::kFloat64, ArrayOrder::kRowMajor, {0}});
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->chunks_size(), 0);
}

}  // namespace
}  // namespace engram
