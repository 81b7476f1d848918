#include "server/array/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/escaping.h"

namespace engram {
namespace {

using testing::HasSubstr;

struct TestArray {
  std::vector<double> values = {1, 2, 3, 4, 5, 6};
  ArrayView view{
      .shape = {2, 3}, .unit = "Hz", .bytes = std::as_bytes(std::span(values))};
};

v1::ArrayManifest Manifest(const ArrayView& view) {
  return MakeManifest(view, CutIntoChunks(view.bytes));
}

TEST(ManifestTest, SaysWhatTheArrayIs) {
  const TestArray array;
  const v1::ArrayManifest manifest = Manifest(array.view);
  EXPECT_EQ(manifest.type(), v1::ELEMENT_TYPE_FLOAT64);
  EXPECT_EQ(manifest.order(), v1::ARRAY_ORDER_COLUMN_MAJOR);
  EXPECT_THAT(manifest.shape(), testing::ElementsAre(2, 3));
  EXPECT_EQ(manifest.unit(), "Hz");
  EXPECT_EQ(manifest.byte_size(), 48);
  EXPECT_EQ(manifest.chunks_size(), 1);
  EXPECT_TRUE(CheckManifest(manifest).ok()) << CheckManifest(manifest);
}

// Computed apart from this code, with Python's struct and hashlib; it holds
// stored digests to their meaning.
TEST(ManifestTest, DigestStaysWhatItIsAcrossReleases) {
  const TestArray array;
  EXPECT_EQ(absl::BytesToHexString(Manifest(array.view).digest()),
            "834094898d11f57eef17d62615ae5353cbae9f78b64561cc82d9497473d691f0");
}

TEST(ManifestTest, DigestTellsShapesOrdersAndTypesApartButNotUnits) {
  const TestArray array;
  const std::string digest = Manifest(array.view).digest();
  ArrayView other = array.view;
  other.shape = {3, 2};
  EXPECT_NE(Manifest(other).digest(), digest);
  other = array.view;
  other.order = ArrayOrder::kRowMajor;
  EXPECT_NE(Manifest(other).digest(), digest);
  other = array.view;
  other.type = ElementType::kInt64;
  EXPECT_NE(Manifest(other).digest(), digest);
  other = array.view;
  other.unit = "1";
  EXPECT_EQ(Manifest(other).digest(), digest);
}

TEST(ManifestTest, AnEmptyArrayHasNoChunks) {
  ArrayView empty;
  empty.shape = {0, 3};
  const v1::ArrayManifest manifest = Manifest(empty);
  EXPECT_EQ(manifest.chunks_size(), 0);
  EXPECT_TRUE(CheckManifest(manifest).ok());
}

// Each change makes a manifest that nothing may store, and the message names
// what is wrong.
TEST(ManifestTest, RefusesWhatDoesNotFitTogether) {
  const TestArray array;
  const v1::ArrayManifest good = Manifest(array.view);
  const auto refusal = [&](auto change) {
    v1::ArrayManifest bad = good;
    change(bad);
    const absl::Status status = CheckManifest(bad);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  using M = v1::ArrayManifest;
  EXPECT_THAT(
      refusal([](M& m) { m.set_type(static_cast<v1::ElementType>(9)); }),
      HasSubstr("element type 9"));
  EXPECT_THAT(refusal([](M& m) { m.clear_order(); }), HasSubstr("order 0"));
  EXPECT_THAT(refusal([](M& m) { m.set_shape(0, -1); }), HasSubstr("-1"));
  EXPECT_THAT(refusal([](M& m) {
                m.set_shape(0, int64_t{1} << 40);
                m.set_shape(1, int64_t{1} << 40);
              }),
              HasSubstr("2^63"));
  EXPECT_THAT(refusal([](M& m) { m.set_shape(0, 5); }), HasSubstr("make 120"));
  EXPECT_THAT(refusal([](M& m) { m.add_chunks(m.chunks(0)); }),
              HasSubstr("names 2 chunks"));
  EXPECT_THAT(refusal([](M& m) { m.set_chunks(0, "short"); }),
              HasSubstr("by 5 bytes"));
  EXPECT_THAT(refusal([](M& m) { m.set_digest(std::string(32, 'x')); }),
              HasSubstr("has the digest 7878"));
}

}  // namespace
}  // namespace engram
