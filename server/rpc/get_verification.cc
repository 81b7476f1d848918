#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/queue/queue.h"
#include "server/rpc/experiments.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/status.h"
#include "server/store/store.h"
#include "server/store/verification_table.h"

namespace engram {
namespace {

struct VerificationName {
  std::string run;  // "k7m2q9xw4p/17"
  int number = 0;
};

absl::StatusOr<VerificationName> Parse(const std::string& text) {
  auto parsed = ParseName(text, "name");
  if (!parsed.ok()) return parsed.status();
  absl::string_view rest = parsed->rest;
  VerificationName name;
  if (!parsed->point.has_value() ||
      !absl::ConsumePrefix(&rest, "verifications/") ||
      !absl::SimpleAtoi(rest, &name.number)) {
    return BadField("name", absl::StrCat("'", text,
                                         "'; a verification's name "
                                         "is experiments/k7m2q9xw4p/runs/17/"
                                         "verifications/2"));
  }
  name.run = absl::StrCat(parsed->experiment, "/", *parsed->point);
  return name;
}

}  // namespace

absl::StatusOr<v1::Verification> GetVerification(
    const Caller& /*caller*/, const v1::GetVerificationRequest& request,
    const Parts& parts) {
  auto name = Parse(request.name());
  if (!name.ok()) return name.status();
  RunName run_name;
  auto reply = parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::Verification> {
        auto run = FindRunNamed(reader, name->run);
        if (!run.ok()) return run.status();
        run_name = run->name;
        auto row = store::FindVerification(reader, run->key, name->number);
        if (!row.ok()) return row.status();
        return VerificationMessage(run->name, *row);
      });
  if (!reply.ok()) return reply.status();
  const auto live = parts.queue.ProgressOf(run_name, name->number);
  if (live.has_value()) SetProgress(*live, *reply->mutable_progress());
  return reply;
}

}  // namespace engram
