#pragma once

#include <string>
#include <vector>

#include "client/cli/session.h"
#include "tests/client/cli/fake_server.h"

namespace engram::cli {

// What a call of the program gave.
struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

// Where a call of the program runs.
struct Place {
  std::string input = "";
  bool terminal = false;  // standard input and output
  Look look{.color = false, .width = 100, .height = 30};
  std::string home = "";  // for client.yaml; empty for none
};

// Runs `engram ARGUMENTS` against `server`, at noon of 2026-01-31 UTC.
Outcome Engram(FakeServer& server, const std::vector<std::string>& arguments,
               const Place& place = {});

// The moment at which the program runs.
absl::Time Noon();

// "experiments/k7m2q9xw4p" of ada, with three runs over two rules.
v1::Experiment AnExperiment();

// Run `point` of it, with its rule, its seed and, where it has succeeded, a
// sequence length.
v1::Run ARun(int64_t point, v1::RunState state, const std::string& rule,
             double length);

}  // namespace engram::cli
