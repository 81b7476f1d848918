#include "client/cli/live_names.h"

#include "absl/time/time.h"
#include "client/cli/names.h"

namespace engram::cli {
namespace {

constexpr absl::Duration kPatience = absl::Milliseconds(300);
constexpr int kMost = 50;

// Names of the items of a response, or none on an error.
template <class Request, class Response, class Items>
void Add(Client& client, const Method<Request, Response>& method,
         const Request& request, Items items, std::vector<std::string>* names) {
  const auto response = client.Call(method, request);
  if (!response.ok()) return;
  for (const auto& item : items(*response)) {
    names->push_back(ShortName(item.name()));
  }
}

void AddExperiments(Client& client, std::vector<std::string>* names) {
  v1::ListExperimentsRequest request;
  request.set_page_size(kMost);
  Add(
      client, calls::kListExperiments, request,
      [](const auto& response) { return response.experiments(); }, names);
}

void AddRuns(Client& client, std::vector<std::string>* names) {
  v1::ListRunsRequest request;
  request.set_page_size(kMost);
  Add(
      client, calls::kListRuns, request,
      [](const auto& response) { return response.runs(); }, names);
}

void AddTypes(Client& client, std::vector<std::string>* names) {
  const auto response = client.Call(calls::kListComponentTypes, {});
  if (!response.ok()) return;
  for (const auto& type : response->component_types()) {
    names->push_back(type.type());
  }
}

}  // namespace

std::vector<std::string> FetchNames(Session& session, Completes kind) {
  session.set_deadline(kPatience);
  const auto client = session.client();
  std::vector<std::string> names;
  if (!client.ok()) return names;
  switch (kind) {
    case Completes::kNothing:
    case Completes::kFile:
      break;
    case Completes::kExperiment:
      AddExperiments(**client, &names);
      break;
    case Completes::kRun:
      AddRuns(**client, &names);
      break;
    case Completes::kExperimentOrRun:
      AddExperiments(**client, &names);
      AddRuns(**client, &names);
      break;
    case Completes::kPreset:
    case Completes::kPresetOrFile:
      Add(
          **client, calls::kListPresets, {},
          [](const auto& response) { return response.presets(); }, &names);
      break;
    case Completes::kComponentType:
      AddTypes(**client, &names);
      break;
    case Completes::kDataset:
      Add(
          **client, calls::kListDatasets, {},
          [](const auto& response) { return response.datasets(); }, &names);
      break;
    case Completes::kUser:
      Add(
          **client, calls::kListUsers, {},
          [](const auto& response) { return response.users(); }, &names);
      break;
  }
  return names;
}

}  // namespace engram::cli
