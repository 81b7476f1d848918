#include "tests/client/cli/lab.h"

#include <optional>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/cli/program.h"

namespace engram::cli {

absl::Time Noon() {
  return absl::FromCivil(absl::CivilSecond(2026, 1, 31, 12, 0, 0),
                         absl::UTCTimeZone());
}

Outcome Engram(FakeServer& server, const std::vector<std::string>& arguments,
               const Place& place) {
  std::istringstream in(place.input);
  std::ostringstream out;
  std::ostringstream err;
  absl::Time now = Noon();
  Host host;
  host.in = &in;
  host.out = &out;
  host.err = &err;
  host.in_is_terminal = place.terminal;
  host.out_is_terminal = place.terminal;
  host.environment =
      [&](const std::string& name) -> std::optional<std::string> {
    if (name == "ENGRAM_TOKEN") return "secret";
    if (name == "XDG_CONFIG_HOME" && !place.home.empty()) return place.home;
    if (name == "HOME") return "/nonexistent";
    return std::nullopt;
  };
  host.look = [&] { return place.look; };
  host.now = [&] { return now; };
  host.sleep = [&](absl::Duration duration) { now += duration; };
  host.interrupted = [] { return false; };
  host.connect = [&](const std::string&, const std::string&) {
    return server.Connect();
  };
  host.read_secret = [] { return std::string("typed"); };
  Outcome outcome;
  outcome.code = RunProgram(arguments, &host);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

v1::Experiment AnExperiment() {
  v1::Experiment experiment;
  experiment.set_name("experiments/k7m2q9xw4p");
  experiment.set_title("which rules can store a sequence");
  experiment.set_owner("users/ada");
  experiment.set_run_count(3);
  experiment.add_axes("experiment.rule.type");
  experiment.add_axes("seed");
  (*experiment.mutable_state_counts())["SUCCEEDED"] = 2;
  (*experiment.mutable_state_counts())["FAILED"] = 1;
  experiment.add_tags("thesis");
  experiment.set_etag("7");
  experiment.mutable_create_time()->set_seconds(
      absl::ToUnixSeconds(Noon() - absl::Minutes(3)));
  return experiment;
}

v1::Run ARun(int64_t point, v1::RunState state, const std::string& rule,
             double length) {
  v1::Run run;
  run.set_name(absl::StrCat("experiments/k7m2q9xw4p/runs/", point));
  run.set_title("which rules can store a sequence");
  run.set_owner("users/ada");
  run.set_point(point);
  run.set_state(state);
  (*run.mutable_varying())["experiment.rule.type"].set_string_value(rule);
  (*run.mutable_varying())["seed"].set_number_value(
      static_cast<double>(point + 1));
  run.mutable_progress()->set_tick(state == v1::RUN_STATE_SUCCEEDED ? 20 : 5);
  run.mutable_progress()->set_total(20);
  run.mutable_progress()->set_tick_name("trial");
  if (state == v1::RUN_STATE_SUCCEEDED) {
    auto& value = (*run.mutable_summary())["sequence_length"];
    value.set_value(length);
    value.set_unit("1");
  }
  return run;
}

}  // namespace engram::cli
