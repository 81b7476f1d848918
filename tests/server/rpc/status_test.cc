#include "server/rpc/status.h"

#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "engram/v1/array.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/rpc/message.h"
#include "server/rpc/page.h"

namespace engram {
namespace {

google::rpc::Status WireOf(const absl::Status& status) {
  google::rpc::Status wire;
  wire.ParseFromString(ToGrpc(status).error_details());
  return wire;
}

TEST(StatusTest, OkAndPlainStatusesCarryNoDetails) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  const grpc::Status plain = ToGrpc(absl::NotFoundError("no run"));
  EXPECT_EQ(plain.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(plain.error_message(), "no run");
  EXPECT_EQ(plain.error_details(), "");
}

TEST(StatusTest, FaultsBecomeViolationsAndLines) {
  const absl::Status status =
      BadText({{6, "experiment.rule.etta", "did you mean eta?"},
               {9, "seed", "below 0"}},
              "rules.yaml");
  const google::rpc::Status wire = WireOf(status);
  ASSERT_EQ(wire.details_size(), 1);
  google::rpc::BadRequest detail;
  ASSERT_TRUE(wire.details(0).UnpackTo(&detail));
  ASSERT_EQ(detail.field_violations_size(), 2);
  EXPECT_EQ(detail.field_violations(0).field(), "text:6:experiment.rule.etta");
  EXPECT_EQ(detail.field_violations(1).description(), "below 0");
  EXPECT_TRUE(
      absl::StrContains(wire.message(), "rules.yaml:6: experiment.rule.etta"));
  EXPECT_EQ(wire.code(), static_cast<int>(absl::StatusCode::kInvalidArgument));
}

Faults ManyFaults(int count) {
  Faults faults;
  for (int i = 1; i <= count; ++i) {
    faults.push_back({i, "experiment.network",
                      "rate_rnn has no parameter untis; did you mean units?"});
  }
  return faults;
}

TEST(StatusTest, ManyFaultsFitTheTrailersAndAreSaidInOneSentence) {
  const grpc::Status status = ToGrpc(BadText(ManyFaults(200), "rules.yaml"));
  EXPECT_LT(status.error_message().size(), 200u);
  EXPECT_TRUE(absl::StartsWith(status.error_message(),
                               "200 faults; the first: rules.yaml:1:"));
  google::rpc::Status wire;
  ASSERT_TRUE(wire.ParseFromString(status.error_details()));
  google::rpc::BadRequest detail;
  ASSERT_TRUE(wire.details(0).UnpackTo(&detail));
  EXPECT_EQ(detail.field_violations_size(), 200);
}

TEST(StatusTest, FaultsBeyondTheTrailersAreCounted) {
  constexpr int kCount = 20'000;
  const grpc::Status status = ToGrpc(BadText(ManyFaults(kCount), "rules.yaml"));
  // As base64 it is below 1 MiB.
  EXPECT_LT(status.error_details().size(), 700'000u);
  google::rpc::Status wire;
  ASSERT_TRUE(wire.ParseFromString(status.error_details()));
  google::rpc::BadRequest detail;
  ASSERT_TRUE(wire.details(0).UnpackTo(&detail));
  const int said = detail.field_violations_size() - 1;
  EXPECT_GT(said, 1000);
  EXPECT_EQ(detail.field_violations(said).field(), "");
  EXPECT_EQ(detail.field_violations(said).description(),
            "and " + std::to_string(kCount - said) + " more");
}

TEST(StatusTest, EachKindHasItsDetail) {
  google::rpc::QuotaFailure quota;
  EXPECT_TRUE(
      WireOf(QuotaExceeded("users/ada", "full")).details(0).UnpackTo(&quota));
  EXPECT_EQ(quota.violations(0).subject(), "users/ada");
  google::rpc::PreconditionFailure failure;
  EXPECT_TRUE(WireOf(NotReady("RUN_NOT_ENDED", "experiments/a", "cancel first"))
                  .details(0)
                  .UnpackTo(&failure));
  EXPECT_EQ(failure.violations(0).type(), "RUN_NOT_ENDED");
  google::rpc::ErrorInfo info;
  EXPECT_TRUE(
      WireOf(NotPermitted("NOT_OWNER", "no")).details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "NOT_OWNER");
  EXPECT_EQ(info.domain(), "engram");
}

TEST(StatusTest, UnknownNamesSuggestTheNearest) {
  const absl::Status status =
      Unknown("preset", "flagshp", {"flagship", "smoke"});
  EXPECT_TRUE(absl::StrContains(status.message(), "did you mean flagship?"));
  google::rpc::ResourceInfo info;
  ASSERT_TRUE(WireOf(status).details(0).UnpackTo(&info));
  EXPECT_EQ(info.resource_name(), "flagshp");
}

TEST(PageTest, TokensOfOneListAreNotThoseOfAnother) {
  const std::string token = PageToken("log", "17");
  EXPECT_EQ(*ReadPageToken("log", token), "17");
  EXPECT_FALSE(ReadPageToken("datasets", token).ok());
  EXPECT_FALSE(ReadPageToken("log", token + "A").ok());
  EXPECT_FALSE(ReadPageToken("log", "17").ok());
  EXPECT_EQ(*ReadPageToken("log", ""), "");
}

TEST(PageTest, SizesAreBounded) {
  EXPECT_EQ(*PageSize(0, 50), 50);
  EXPECT_EQ(*PageSize(7, 50), 7);
  EXPECT_EQ(*PageSize(100'000, 50), 1000);
  EXPECT_FALSE(PageSize(-1, 50).ok());
}

TEST(PageTest, TheStoresWordsGetTheirField) {
  google::rpc::BadRequest detail;
  ASSERT_TRUE(WireOf(WithField(absl::InvalidArgumentError(
                         "filter:12: no column stat; did you mean state?")))
                  .details(0)
                  .UnpackTo(&detail));
  EXPECT_EQ(detail.field_violations(0).field(), "filter:12");
  EXPECT_TRUE(
      absl::StartsWith(detail.field_violations(0).description(), "no column"));
}

TEST(MessageTest, ManifestsOfWireAndStoreHaveTheSameBytes) {
  const auto* wire = v1::ArrayManifest::descriptor();
  const auto* stored = store::v1::ArrayManifest::descriptor();
  ASSERT_EQ(wire->field_count(), stored->field_count());
  for (int i = 0; i < wire->field_count(); ++i) {
    EXPECT_EQ(wire->field(i)->number(), stored->field(i)->number());
    EXPECT_EQ(wire->field(i)->name(), stored->field(i)->name());
    EXPECT_EQ(wire->field(i)->type(), stored->field(i)->type());
  }
}

}  // namespace
}  // namespace engram
