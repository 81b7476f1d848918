#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/status/statusor.h"
#include "client/cli/wire/client.h"

namespace engram::cli {

// Calls `method` page by page until `limit` items are there (0: all), and
// gives them in one response; `items` finds the repeated field. The token of
// the page after is left in the response where more remain.
template <class Request, class Response, class Items>
absl::StatusOr<Response> FetchPages(Client& client,
                                    const Method<Request, Response>& method,
                                    Request request, int64_t limit,
                                    Items items) {
  constexpr int64_t kLargestPage = 1000;
  Response all;
  while (true) {
    const int64_t have = items(&all)->size();
    request.set_page_size(static_cast<int32_t>(
        limit == 0 ? kLargestPage : std::min(kLargestPage, limit - have)));
    auto page = client.Call(method, request);
    if (!page.ok()) return page.status();
    auto* fresh = items(&*page);
    for (auto& item : *fresh) *items(&all)->Add() = std::move(item);
    fresh->Clear();
    const std::string token = page->next_page_token();
    // Totals and the like are those of the last page.
    auto kept = std::move(*items(&all));
    all = *std::move(page);
    *items(&all) = std::move(kept);
    const bool enough = limit > 0 && items(&all)->size() >= limit;
    if (token.empty() || enough) return all;
    request.set_page_token(token);
  }
}

}  // namespace engram::cli
