#include "server/rpc/access.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "engram/v1/admin.pb.h"
#include "engram/v1/blobs.pb.h"
#include "engram/v1/catalog.pb.h"
#include "engram/v1/datasets.pb.h"
#include "engram/v1/events.pb.h"
#include "engram/v1/experiments.pb.h"
#include "engram/v1/runs.pb.h"
#include "engram/v1/workers.pb.h"

namespace engram {
namespace {

std::vector<const google::protobuf::FileDescriptor*> Files() {
  return {v1::WhoAmIRequest::descriptor()->file(),
          v1::FindMissingRequest::descriptor()->file(),
          v1::ComponentType::descriptor()->file(),
          v1::Dataset::descriptor()->file(),
          v1::Event::descriptor()->file(),
          v1::Experiment::descriptor()->file(),
          v1::Run::descriptor()->file(),
          v1::Registration::descriptor()->file()};
}

using Table = std::map<std::string, v1::Access, std::less<>>;

void AddService(const google::protobuf::ServiceDescriptor& service,
                Table& table) {
  for (int i = 0; i < service.method_count(); ++i) {
    const auto& method = *service.method(i);
    // An option that is missing reads as SCOPE_UNSPECIFIED, which no token has.
    table[method.full_name()] = method.options().GetExtension(v1::access);
  }
}

const Table& Accesses() {
  static const Table* const table = [] {
    auto* built = new Table;
    for (const auto* file : Files()) {
      for (int i = 0; i < file->service_count(); ++i) {
        AddService(*file->service(i), *built);
      }
    }
    return built;
  }();
  return *table;
}

}  // namespace

const v1::Access* FindAccess(absl::string_view method) {
  const auto found = Accesses().find(std::string(method));
  if (found == Accesses().end()) return nullptr;
  const v1::Access& access = found->second;
  return access.scope() == v1::SCOPE_UNSPECIFIED ? nullptr : &access;
}

std::vector<std::string> AllMethods() {
  std::vector<std::string> names;
  for (const auto& [name, access] : Accesses()) names.push_back(name);
  return names;
}

bool Includes(v1::Scope has, v1::Scope needs) {
  if (needs == v1::SCOPE_UNSPECIFIED || has == v1::SCOPE_UNSPECIFIED) {
    return false;
  }
  if (has == v1::SCOPE_WORKER || needs == v1::SCOPE_WORKER) {
    return has == needs;
  }
  return has >= needs;
}

std::string ScopeName(v1::Scope scope) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::Scope_Name(scope), "SCOPE_"));
}

}  // namespace engram
