#include "server/gateway/connect_error.h"

#include <gtest/gtest.h>

#include "google/rpc/status.pb.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

TEST(ConnectErrorTest, EveryCodeHasItsNameAndHttpStatus) {
  // https://connectrpc.com/docs/protocol#error-codes
  const struct {
    grpc::StatusCode code;
    const char* name;
    int http;
  } kCodes[] = {
      {grpc::StatusCode::CANCELLED, "canceled", 499},
      {grpc::StatusCode::UNKNOWN, "unknown", 500},
      {grpc::StatusCode::INVALID_ARGUMENT, "invalid_argument", 400},
      {grpc::StatusCode::DEADLINE_EXCEEDED, "deadline_exceeded", 504},
      {grpc::StatusCode::NOT_FOUND, "not_found", 404},
      {grpc::StatusCode::ALREADY_EXISTS, "already_exists", 409},
      {grpc::StatusCode::PERMISSION_DENIED, "permission_denied", 403},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "resource_exhausted", 429},
      {grpc::StatusCode::FAILED_PRECONDITION, "failed_precondition", 400},
      {grpc::StatusCode::ABORTED, "aborted", 409},
      {grpc::StatusCode::OUT_OF_RANGE, "out_of_range", 400},
      {grpc::StatusCode::UNIMPLEMENTED, "unimplemented", 501},
      {grpc::StatusCode::INTERNAL, "internal", 500},
      {grpc::StatusCode::UNAVAILABLE, "unavailable", 503},
      {grpc::StatusCode::DATA_LOSS, "data_loss", 500},
      {grpc::StatusCode::UNAUTHENTICATED, "unauthenticated", 401}};
  for (const auto& [code, name, http] : kCodes) {
    EXPECT_EQ(ConnectCode(code), name);
    EXPECT_EQ(HttpStatusOf(code), http) << name;
  }
}

TEST(ConnectErrorTest, TextIsEscaped) {
  EXPECT_EQ(ErrorJson({grpc::StatusCode::INTERNAL, "a \"b\"\n\x01"}),
            R"({"code":"internal","message":"a \"b\"\n\u0001"})");
}

TEST(ConnectErrorTest, DetailHasTypeUnpaddedValueAndDebug) {
  // BadRequest{field_violations {field: "a", description: "b"}} is the bytes
  // 0a 06 0a 01 61 12 01 62.
  EXPECT_EQ(
      ErrorJson(ToGrpc(BadField("a", "b"))),
      R"({"code":"invalid_argument","message":"a: b","details":[)"
      R"({"type":"google.rpc.BadRequest","value":"CgYKAWESAWI",)"
      R"("debug":{"fieldViolations":[{"field":"a","description":"b"}]}}]})");
}

TEST(ConnectErrorTest, DetailOfAnUnknownTypeHasNoDebug) {
  google::rpc::Status wire;
  auto* detail = wire.add_details();
  detail->set_type_url("type.googleapis.com/other.Type");
  detail->set_value("x");
  EXPECT_EQ(
      ErrorJson({grpc::StatusCode::ABORTED, "m", wire.SerializeAsString()}),
      R"({"code":"aborted","message":"m","details":[)"
      R"({"type":"other.Type","value":"eA"}]})");
}

TEST(ConnectErrorTest, EndOfStreamIsEmptyUnlessThereIsAnError) {
  EXPECT_EQ(EndOfStreamJson(grpc::Status::OK), "{}");
  EXPECT_EQ(EndOfStreamJson({grpc::StatusCode::ABORTED, "m"}),
            R"({"error":{"code":"aborted","message":"m"}})");
}

}  // namespace
}  // namespace engram
