#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/contract.h"
#include "core/base/numerics.h"
#include "core/base/parallel.h"
#include "core/programs/builtin.h"
#include "core/programs/execution.h"
#include "core/programs/memory_recorder.h"
#include "core/spec/cross_check.h"
#include "core/spec/experiment.h"
#include "core/spec/read_component.h"
#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {

class NoInputs final : public Inputs {
 public:
  absl::StatusOr<InputArray> Get(absl::string_view digest) const override {
    return absl::NotFoundError(std::string(digest));
  }
};

// A component as a user writes it, defaults filled in, at path `path`; faults
// come back in `faults`.
inline Component ReadTree(const std::string& yaml, Kind kind,
                          const std::string& path, Faults& faults,
                          const Resolver& resolver = RefuseAll()) {
  ReadContext context{BuiltinCatalog(), resolver, faults};
  Component tree =
      ReadComponent(ParseYaml(yaml, faults), kind, "", path, context);
  if (faults.empty()) {
    CloseUnits(tree, BuiltinCatalog(), faults, context.receptor_units);
  }
  if (faults.empty()) CrossCheck(tree, BuiltinCatalog(), faults);
  return tree;
}

// The same where no fault is expected.
inline Component Tree(const std::string& yaml, Kind kind = Kind::kProgram,
                      const std::string& path = "experiment",
                      const Resolver& resolver = RefuseAll()) {
  Faults faults;
  Component tree = ReadTree(yaml, kind, path, faults, resolver);
  for (const Fault& fault : faults) ADD_FAILURE() << fault.Format("tree");
  ENGRAM_EXPECT(faults.empty());
  return tree;
}

// One run from its start to its end, with what it left.
struct FinishedRun {
  MemoryRecorder record;
  std::string result_hash;

  // A summary value that is there.
  double operator[](const std::string& name) const {
    return record.summary.at(name).value.value();
  }
  bool is_absent(const std::string& name) const {
    return record.summary.at(name).value.is_absent();
  }
};

inline std::unique_ptr<FinishedRun> RunTree(const Component& tree,
                                            uint64_t seed = 1,
                                            RecordPolicy policy = {},
                                            int threads = 1,
                                            const Inputs& inputs = NoInputs()) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(threads);
  absl::StatusOr<std::unique_ptr<Execution>> execution =
      Execution::Make(tree, seed, std::move(policy), {parallel, inputs});
  EXPECT_TRUE(execution.ok()) << execution.status();
  ENGRAM_EXPECT(execution.ok());
  auto run = std::make_unique<FinishedRun>();
  while (!(*execution)->progress().finished) {
    const absl::StatusOr<Progress> progress =
        (*execution)->Advance(1000, run->record, {});
    EXPECT_TRUE(progress.ok()) << progress.status();
    ENGRAM_EXPECT(progress.ok());
  }
  run->result_hash = (*execution)->ResultHash();
  return run;
}

}  // namespace engram
