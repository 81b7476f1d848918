#include "server/store/runs_of_experiments.h"

#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

// To enter an index costs as much as to pass ten entries by: with so many
// experiments a pass over all of a lab's runs is soon cheaper.
constexpr int64_t kFewExperiments = 1000;

}  // namespace

void ForEachRunOf(Reader& reader, const KeySet& experiments,
                  const std::function<void(int64_t, int64_t)>& visit) {
  if (experiments.Count() > kFewExperiments) {
    Statement read = reader.Prepare("SELECT experiment, key FROM run");
    while (read.Step())
      if (experiments.Contains(read.Int64(0)))
        visit(read.Int64(0), read.Int64(1));
    return;
  }
  experiments.ForEach([&](int64_t experiment) {
    Statement read = reader.Prepare("SELECT key FROM run WHERE experiment = ?");
    read.Bind(experiment);
    while (read.Step()) visit(experiment, read.Int64(0));
  });
}

}  // namespace engram::store
