#include "client/cli/change_each.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "client/cli/names.h"
#include "client/cli/text/quantity.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

void Tell(Session& session, const std::string& name, int64_t count,
          const std::string& done) {
  switch (session.format()) {
    case Format::kJson:
    case Format::kJsonl:
      session.out() << "{\"name\":\"" << FullName(name) << "\",\"runCount\":\""
                    << count << "\"}\n";
      return;
    case Format::kName:
      session.out() << ShortName(FullName(name)) << "\n";
      return;
    case Format::kCsv:
      session.out() << ShortName(FullName(name)) << "," << count << "\n";
      return;
    case Format::kTable:
    case Format::kNpy:
      break;
  }
  session.out() << ShortName(FullName(name)) << ": "
                << CountedText(count, "run") << " " << done << "\n";
}

}  // namespace

absl::StatusOr<int> ChangeEach(
    Session& session, const std::vector<std::string>& names,
    const std::string& done,
    const std::function<absl::StatusOr<int64_t>(Client&, const std::string&)>&
        change) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  if (session.format() == Format::kCsv) session.out() << "name,run_count\n";
  for (const std::string& name : names) {
    const auto count = change(**client, FullName(name));
    if (!count.ok()) return count.status();
    Tell(session, name, *count, done);
  }
  return kDone;
}

}  // namespace engram::cli
