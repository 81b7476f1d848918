#pragma once

#include "absl/status/statusor.h"
#include "engram/v1/catalog.pb.h"
#include "server/rpc/caller.h"
#include "server/rpc/parts.h"

namespace engram {

// The calls of engram.v1.Catalog: one source file each. What they answer and
// refuse is said in catalog.proto.

absl::StatusOr<v1::ListComponentTypesResponse> ListComponentTypes(
    const Caller& caller, const v1::ListComponentTypesRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ComponentType> GetComponentType(
    const Caller& caller, const v1::GetComponentTypeRequest& request,
    const Parts& parts);
absl::StatusOr<v1::DescribeResponse> Describe(
    const Caller& caller, const v1::DescribeRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListPresetsResponse> ListPresets(
    const Caller& caller, const v1::ListPresetsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::Preset> GetPreset(const Caller& caller,
                                     const v1::GetPresetRequest& request,
                                     const Parts& parts);

}  // namespace engram
