#pragma once

#include "absl/status/statusor.h"
#include "engram/v1/experiments.pb.h"
#include "server/rpc/caller.h"
#include "server/rpc/parts.h"

namespace engram {

// The calls of engram.v1.Experiments: one source file each. What they answer
// and refuse is said in experiments.proto.

absl::StatusOr<v1::Experiment> CreateExperiment(
    const Caller& caller, const v1::CreateExperimentRequest& request,
    const Parts& parts);
absl::StatusOr<v1::EstimateExperimentResponse> EstimateExperiment(
    const Caller& caller, const v1::EstimateExperimentRequest& request,
    const Parts& parts);
absl::StatusOr<v1::Experiment> GetExperiment(
    const Caller& caller, const v1::GetExperimentRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListExperimentsResponse> ListExperiments(
    const Caller& caller, const v1::ListExperimentsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::Experiment> UpdateExperiment(
    const Caller& caller, const v1::UpdateExperimentRequest& request,
    const Parts& parts);
absl::StatusOr<v1::DeleteExperimentResponse> DeleteExperiment(
    const Caller& caller, const v1::DeleteExperimentRequest& request,
    const Parts& parts);
absl::StatusOr<v1::CancelResponse> Cancel(const Caller& caller,
                                          const v1::CancelRequest& request,
                                          const Parts& parts);
absl::StatusOr<v1::RetryResponse> Retry(const Caller& caller,
                                        const v1::RetryRequest& request,
                                        const Parts& parts);
absl::StatusOr<v1::ContinueResponse> Continue(
    const Caller& caller, const v1::ContinueRequest& request,
    const Parts& parts);
absl::StatusOr<v1::Verification> VerifyRun(const Caller& caller,
                                           const v1::VerifyRunRequest& request,
                                           const Parts& parts);
absl::StatusOr<v1::Verification> GetVerification(
    const Caller& caller, const v1::GetVerificationRequest& request,
    const Parts& parts);

}  // namespace engram
