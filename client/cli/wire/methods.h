#pragma once

#include "engram/v1/admin.pb.h"
#include "engram/v1/catalog.pb.h"
#include "engram/v1/datasets.pb.h"
#include "engram/v1/events.pb.h"
#include "engram/v1/experiments.pb.h"
#include "engram/v1/runs.pb.h"

// The calls of the wire contract by name, with their types; a test holds each
// against the descriptors. Calls go by name so that one file alone needs
// gRPC's headers.
namespace engram::cli {

// One request, one response.
template <class Request, class Response>
struct Method {
  const char* path;
};

// More than one of either.
template <class Request, class Response>
struct StreamMethod {
  const char* path;
};

namespace calls {

inline constexpr Method<v1::CreateExperimentRequest, v1::Experiment>
    kCreateExperiment{"/engram.v1.Experiments/CreateExperiment"};
inline constexpr Method<v1::EstimateExperimentRequest,
                        v1::EstimateExperimentResponse>
    kEstimateExperiment{"/engram.v1.Experiments/EstimateExperiment"};
inline constexpr Method<v1::GetExperimentRequest, v1::Experiment>
    kGetExperiment{"/engram.v1.Experiments/GetExperiment"};
inline constexpr Method<v1::ListExperimentsRequest, v1::ListExperimentsResponse>
    kListExperiments{"/engram.v1.Experiments/ListExperiments"};
inline constexpr Method<v1::UpdateExperimentRequest, v1::Experiment>
    kUpdateExperiment{"/engram.v1.Experiments/UpdateExperiment"};
inline constexpr Method<v1::DeleteExperimentRequest,
                        v1::DeleteExperimentResponse>
    kDeleteExperiment{"/engram.v1.Experiments/DeleteExperiment"};
inline constexpr Method<v1::CancelRequest, v1::CancelResponse> kCancel{
    "/engram.v1.Experiments/Cancel"};
inline constexpr Method<v1::RetryRequest, v1::RetryResponse> kRetry{
    "/engram.v1.Experiments/Retry"};
inline constexpr Method<v1::ContinueRequest, v1::ContinueResponse> kContinue{
    "/engram.v1.Experiments/Continue"};
inline constexpr Method<v1::VerifyRunRequest, v1::Verification> kVerifyRun{
    "/engram.v1.Experiments/VerifyRun"};
inline constexpr Method<v1::GetVerificationRequest, v1::Verification>
    kGetVerification{"/engram.v1.Experiments/GetVerification"};
inline constexpr Method<v1::GetRunRequest, v1::Run> kGetRun{
    "/engram.v1.Runs/GetRun"};
inline constexpr Method<v1::ListRunsRequest, v1::ListRunsResponse> kListRuns{
    "/engram.v1.Runs/ListRuns"};
inline constexpr Method<v1::ListTransitionsRequest, v1::ListTransitionsResponse>
    kListTransitions{"/engram.v1.Runs/ListTransitions"};
inline constexpr Method<v1::ListAttemptsRequest, v1::ListAttemptsResponse>
    kListAttempts{"/engram.v1.Runs/ListAttempts"};
inline constexpr Method<v1::ListSeriesRequest, v1::ListSeriesResponse>
    kListSeries{"/engram.v1.Runs/ListSeries"};
inline constexpr Method<v1::ListPopulationsRequest, v1::ListPopulationsResponse>
    kListPopulations{"/engram.v1.Runs/ListPopulations"};
inline constexpr Method<v1::ReadSpikesRequest, v1::ReadSpikesResponse>
    kReadSpikes{"/engram.v1.Runs/ReadSpikes"};
inline constexpr Method<v1::ReadSeriesRequest, v1::ReadSeriesResponse>
    kReadSeries{"/engram.v1.Runs/ReadSeries"};
inline constexpr Method<v1::ListArraysRequest, v1::ListArraysResponse>
    kListArrays{"/engram.v1.Runs/ListArrays"};
inline constexpr Method<v1::ListInputsRequest, v1::ListInputsResponse>
    kListInputs{"/engram.v1.Runs/ListInputs"};
inline constexpr StreamMethod<v1::ReadArrayRequest, v1::ReadArrayResponse>
    kReadArray{"/engram.v1.Runs/ReadArray"};
inline constexpr Method<v1::ReadLogRequest, v1::ReadLogResponse> kReadLog{
    "/engram.v1.Runs/ReadLog"};
inline constexpr Method<v1::ExplainRunRequest, v1::ExplainRunResponse>
    kExplainRun{"/engram.v1.Runs/ExplainRun"};
inline constexpr StreamMethod<v1::WatchRequest, v1::WatchResponse> kWatch{
    "/engram.v1.Events/Watch"};
inline constexpr Method<v1::ListComponentTypesRequest,
                        v1::ListComponentTypesResponse>
    kListComponentTypes{"/engram.v1.Catalog/ListComponentTypes"};
inline constexpr Method<v1::GetComponentTypeRequest, v1::ComponentType>
    kGetComponentType{"/engram.v1.Catalog/GetComponentType"};
inline constexpr Method<v1::DescribeRequest, v1::DescribeResponse> kDescribe{
    "/engram.v1.Catalog/Describe"};
inline constexpr Method<v1::ListPresetsRequest, v1::ListPresetsResponse>
    kListPresets{"/engram.v1.Catalog/ListPresets"};
inline constexpr Method<v1::GetPresetRequest, v1::Preset> kGetPreset{
    "/engram.v1.Catalog/GetPreset"};
inline constexpr StreamMethod<v1::UploadDatasetRequest,
                              v1::UploadDatasetResponse>
    kUploadDataset{"/engram.v1.Datasets/UploadDataset"};
inline constexpr Method<v1::ListDatasetsRequest, v1::ListDatasetsResponse>
    kListDatasets{"/engram.v1.Datasets/ListDatasets"};
inline constexpr Method<v1::GetDatasetRequest, v1::Dataset> kGetDataset{
    "/engram.v1.Datasets/GetDataset"};
inline constexpr Method<v1::DeleteDatasetRequest, v1::DeleteDatasetResponse>
    kDeleteDataset{"/engram.v1.Datasets/DeleteDataset"};
inline constexpr Method<v1::WhoAmIRequest, v1::WhoAmIResponse> kWhoAmI{
    "/engram.v1.Admin/WhoAmI"};
inline constexpr Method<v1::CreateUserRequest, v1::User> kCreateUser{
    "/engram.v1.Admin/CreateUser"};
inline constexpr Method<v1::ListUsersRequest, v1::ListUsersResponse> kListUsers{
    "/engram.v1.Admin/ListUsers"};
inline constexpr Method<v1::UpdateQuotaRequest, v1::User> kUpdateQuota{
    "/engram.v1.Admin/UpdateQuota"};
inline constexpr Method<v1::CreateTokenRequest, v1::CreateTokenResponse>
    kCreateToken{"/engram.v1.Admin/CreateToken"};
inline constexpr Method<v1::ListTokensRequest, v1::ListTokensResponse>
    kListTokens{"/engram.v1.Admin/ListTokens"};
inline constexpr Method<v1::RevokeTokenRequest, v1::RevokeTokenResponse>
    kRevokeToken{"/engram.v1.Admin/RevokeToken"};
inline constexpr Method<v1::CreateLoginLinkRequest, v1::CreateLoginLinkResponse>
    kCreateLoginLink{"/engram.v1.Admin/CreateLoginLink"};
inline constexpr Method<v1::ListAuditEntriesRequest,
                        v1::ListAuditEntriesResponse>
    kListAuditEntries{"/engram.v1.Admin/ListAuditEntries"};
inline constexpr Method<v1::DrainRequest, v1::DrainResponse> kDrain{
    "/engram.v1.Admin/Drain"};
inline constexpr Method<v1::BackupRequest, v1::BackupResponse> kBackup{
    "/engram.v1.Admin/Backup"};
inline constexpr Method<v1::CheckRequest, v1::CheckResponse> kCheck{
    "/engram.v1.Admin/Check"};
inline constexpr Method<v1::CollectGarbageRequest, v1::CollectGarbageResponse>
    kCollectGarbage{"/engram.v1.Admin/CollectGarbage"};
inline constexpr Method<v1::GetStatusRequest, v1::ServerStatus> kGetStatus{
    "/engram.v1.Admin/GetStatus"};
inline constexpr Method<v1::ListQueueRequest, v1::ListQueueResponse> kListQueue{
    "/engram.v1.Admin/ListQueue"};
inline constexpr Method<v1::ListWorkersRequest, v1::ListWorkersResponse>
    kListWorkers{"/engram.v1.Admin/ListWorkers"};

}  // namespace calls
}  // namespace engram::cli
