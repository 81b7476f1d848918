#include <utility>

#include "server/queue/queue.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {
namespace {

absl::StatusOr<v1::Run> Stored(store::Reader& reader,
                               const v1::GetRunRequest& request,
                               RunName& name) {
  auto found = FindRunNamed(reader, request.name());
  if (!found.ok()) return found.status();
  name = found->name;
  TagsOf tags;
  v1::Run run = RunMessage(reader, store::ReadRun(reader, found->key), tags);
  if (!request.full()) return run;
  auto tree = store::ReadTree(reader, found->key);
  if (!tree.ok()) return tree.status();
  run.set_tree_json(*std::move(tree));
  return run;
}

}  // namespace

absl::StatusOr<v1::Run> GetRun(const Caller& /*caller*/,
                               const v1::GetRunRequest& request,
                               const Parts& parts) {
  RunName name;
  auto run = parts.store.Read(
      [&](store::Reader& reader) { return Stored(reader, request, name); });
  if (!run.ok()) return run.status();
  const auto live = parts.queue.ProgressOf(name);
  if (live.has_value()) SetProgress(*live, *run->mutable_progress());
  return run;
}

}  // namespace engram
