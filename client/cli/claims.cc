#include "client/cli/claims.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/columns.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {
namespace {

bool IsPending(const v1::ClaimResult& claim) {
  return claim.outcome() == v1::CLAIM_OUTCOME_PENDING ||
         claim.outcome() == v1::CLAIM_OUTCOME_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<v1::Experiment> FetchSettled(Session& session, Client& client,
                                            const std::string& name) {
  constexpr int kTries = 100;
  constexpr absl::Duration kPause = absl::Milliseconds(100);
  v1::GetExperimentRequest request;
  request.set_name(name);
  for (int i = 0;; ++i) {
    auto experiment = client.Call(calls::kGetExperiment, request);
    if (!experiment.ok()) return experiment.status();
    const auto& claims = experiment->claims();
    const bool pending = std::any_of(claims.begin(), claims.end(), IsPending);
    if (!pending || i == kTries || session.host().interrupted()) {
      return experiment;
    }
    session.host().sleep(kPause);
  }
}

std::string ClaimsText(const v1::Experiment& experiment, const Look& look) {
  Listing<v1::ClaimResult> listing;
  listing.items.assign(experiment.claims().begin(), experiment.claims().end());
  listing.columns = ClaimColumns();
  const auto grid = MakeGrid(listing, false);
  std::string text = grid.ok() ? RenderTable(*grid, look, true) : "";
  int64_t holding = 0;
  for (const auto& claim : experiment.claims()) {
    if (claim.outcome() == v1::CLAIM_OUTCOME_HOLDS) ++holding;
    if (claim.reason().empty()) continue;
    absl::StrAppend(&text, Printable(claim.that()), ": ",
                    Printable(claim.reason()), "\n");
  }
  const bool all = AllHold(experiment);
  absl::StrAppend(
      &text, "\n",
      Paint(absl::StrCat(holding, " of ",
                         CountedText(experiment.claims_size(), "claim"),
                         holding == 1 ? " holds" : " hold"),
            all ? Tone::kGood : Tone::kBad, look),
      "\n");
  return text;
}

bool AllHold(const v1::Experiment& experiment) {
  return std::all_of(experiment.claims().begin(), experiment.claims().end(),
                     [](const v1::ClaimResult& claim) {
                       return claim.outcome() == v1::CLAIM_OUTCOME_HOLDS;
                     });
}

}  // namespace engram::cli
