#pragma once

#include "absl/status/statusor.h"
#include "engram/v1/runs.pb.h"
#include "server/rpc/caller.h"
#include "server/rpc/parts.h"

namespace engram {

// The unary calls of engram.v1.Runs: one source file each. What they answer
// and refuse is said in runs.proto; ReadArray is in read_array.h.

absl::StatusOr<v1::Run> GetRun(const Caller& caller,
                               const v1::GetRunRequest& request,
                               const Parts& parts);
absl::StatusOr<v1::ListRunsResponse> ListRuns(
    const Caller& caller, const v1::ListRunsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListFieldsResponse> ListFields(
    const Caller& caller, const v1::ListFieldsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListTransitionsResponse> ListTransitions(
    const Caller& caller, const v1::ListTransitionsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListAttemptsResponse> ListAttempts(
    const Caller& caller, const v1::ListAttemptsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListSeriesResponse> ListSeries(
    const Caller& caller, const v1::ListSeriesRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ReadSeriesResponse> ReadSeries(
    const Caller& caller, const v1::ReadSeriesRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListPopulationsResponse> ListPopulations(
    const Caller& caller, const v1::ListPopulationsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ReadSpikesResponse> ReadSpikes(
    const Caller& caller, const v1::ReadSpikesRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListInputsResponse> ListInputs(
    const Caller& caller, const v1::ListInputsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListArraysResponse> ListArrays(
    const Caller& caller, const v1::ListArraysRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ReadLogResponse> ReadLog(const Caller& caller,
                                            const v1::ReadLogRequest& request,
                                            const Parts& parts);
absl::StatusOr<v1::ExplainRunResponse> ExplainRun(
    const Caller& caller, const v1::ExplainRunRequest& request,
    const Parts& parts);

}  // namespace engram
