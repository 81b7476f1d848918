#include <string>

#include "server/rpc/runs.h"
#include "server/store/listing_field.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListFieldsResponse> ListFields(
    const Caller& /*caller*/, const v1::ListFieldsRequest& request,
    const Parts& parts) {
  const auto listed = request.experiments() ? store::Listed::kExperiments
                                            : store::Listed::kRuns;
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ListFieldsResponse> {
        const store::FieldNames names = store::AllFieldNames(reader, listed);
        v1::ListFieldsResponse reply;
        for (const std::string& name : names.built_in) reply.add_built_in(name);
        for (const std::string& name : names.parameters)
          reply.add_parameters(name);
        for (const std::string& name : names.summary_values)
          reply.add_summary_values(name);
        return reply;
      });
}

}  // namespace engram
