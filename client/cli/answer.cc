#include "client/cli/answer.h"

#include "client/cli/columns.h"
#include "client/cli/listing.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {

absl::StatusOr<int> ShowAnswer(Session& session,
                               const google::protobuf::Message& message,
                               const std::string& text) {
  switch (session.format()) {
    case Format::kJson:
      session.out() << JsonOf(message, true);
      break;
    case Format::kJsonl:
      session.out() << JsonOf(message, false) << "\n";
      break;
    case Format::kCsv:
      session.out() << RenderCsv(FieldGrid(message));
      break;
    case Format::kName:
      break;  // nothing here has a name
    case Format::kTable:
    case Format::kNpy:
      session.out() << text;
      break;
  }
  return kDone;
}

}  // namespace engram::cli
