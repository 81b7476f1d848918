#include "client/cli/live/observer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/listing.h"
#include "client/cli/live/rows.h"
#include "client/cli/live/screen.h"
#include "client/cli/live/view.h"
#include "client/cli/names.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/utf8.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

class ScreenObserver final : public Observer {
 public:
  ScreenObserver(Session* session, const FollowOptions& options)
      : session_(session), screen_(&session->out()) {
    view_.metric = options.metric;
    view_.start = session->now();
  }

  void OnEvent(const v1::Event&, const Board&) override { stale_ = true; }

  void OnTick(const Board& board, const EventFeed& feed) override {
    constexpr absl::Duration kFastest = absl::Milliseconds(100);
    constexpr absl::Duration kSlowest = absl::Seconds(1);
    const absl::Time now = session_->now();
    const absl::Duration age = now - drawn_;
    view_.status = "";
    if (feed.is_away()) {
      view_.status = absl::StrCat(
          "the server has been away for ",
          DurationText(absl::Floor(now - feed.away_since(), absl::Seconds(1))),
          "; trying again (Ctrl-C detaches)");
    }
    if (age < kFastest || (!stale_ && age < kSlowest)) return;
    Draw(board, now);
  }

  void OnEnd(const Board& board) override {
    view_.finished = true;
    Draw(board, session_->now());
    screen_.Release();
  }

 private:
  void Draw(const Board& board, absl::Time now) {
    const Look look = session_->look();
    screen_.Draw(DrawBoard(board, view_, look, now), look.width);
    drawn_ = now;
    stale_ = false;
  }

  Session* session_;
  Screen screen_;
  ViewOptions view_;
  absl::Time drawn_ = absl::InfinitePast();
  bool stale_ = true;
};

// "(rule.type hebbian, seed 3)".
std::string Varying(const Board& board, const v1::Run& run) {
  const std::vector<std::string> paths = VaryingPaths(board);
  const auto names = ShortPaths(paths);
  std::vector<std::string> parts;
  for (const std::string& path : paths) {
    const auto found = run.varying().find(path);
    if (found == run.varying().end()) continue;
    parts.push_back(
        absl::StrCat(names.at(path), " ", ValueText(found->second)));
  }
  return parts.empty() ? ""
                       : absl::StrCat(" (", absl::StrJoin(parts, ", "), ")");
}

// A line stays a line: the first values by name, and how many there are more.
std::string Found(const v1::Run& run, const OutputOrder& order) {
  constexpr size_t kMostValues = 4;
  if (run.has_error()) return absl::StrCat(": ", run.error().message());
  std::vector<std::string> parts;
  for (const auto& [name, value] : run.summary()) {
    if (value.content_case() == v1::SummaryValue::kValue) parts.push_back(name);
  }
  order.Sort(&parts);
  const size_t shown = std::min(parts.size(), kMostValues);
  const size_t rest = static_cast<size_t>(run.summary_size()) - shown;
  parts.resize(shown);
  if (parts.empty()) return "";
  for (std::string& part : parts) {
    absl::StrAppend(&part, " ", SummaryText(run.summary().at(part)));
  }
  return absl::StrCat(": ", absl::StrJoin(parts, ", "),
                      rest > 0 ? absl::StrCat(", and ", rest, " more") : "");
}

class LineObserver final : public Observer {
 public:
  explicit LineObserver(Session* session)
      : session_(session), told_(session->now()) {}

  void OnEvent(const v1::Event& event, const Board& board) override {
    if (!event.has_state()) return;
    const v1::Run& run = event.state().run();
    if (!HasEnded(run.state())) return;
    session_->out() << Printable(absl::StrCat(
                           ShortName(run.name()), " ", StateWord(run.state()),
                           Varying(board, run), Found(run, board.order())))
                    << "\n"
                    << std::flush;
  }

  void OnTick(const Board& board, const EventFeed& feed) override {
    constexpr absl::Duration kPace = absl::Seconds(10);
    if (feed.is_away() != away_) {
      away_ = feed.is_away();
      session_->err() << (away_ ? "engram: the server is away; trying again\n"
                                : "engram: the server is back\n");
    }
    if (away_ || session_->now() - told_ < kPace) return;
    told_ = session_->now();
    std::string line = Reached(board);
    if (line == last_) return;  // nothing has changed
    last_ = std::move(line);
    Tell(last_);
  }

  void OnEnd(const Board& board) override { Tell(Reached(board)); }

 private:
  void Tell(const std::string& line) {
    session_->out() << line << "\n" << std::flush;
  }

  static std::string Reached(const Board& board) {
    std::string line =
        absl::StrCat(CountText(board.ended_count()), " of ",
                     CountedText(board.run_count(), "run"), " ended");
    const int64_t running = board.CountIn(v1::RUN_STATE_RUNNING);
    if (running > 0) absl::StrAppend(&line, ", ", running, " running");
    const absl::Duration left = board.TimeLeft();
    if (board.ended_count() < board.run_count() &&
        left < absl::InfiniteDuration()) {
      absl::StrAppend(&line, ", ",
                      DurationText(absl::Ceil(left, absl::Seconds(1))),
                      " left");
    }
    return line;
  }

  Session* session_;
  absl::Time told_;
  std::string last_;
  bool away_ = false;
};

class JsonObserver final : public Observer {
 public:
  explicit JsonObserver(Session* session) : session_(session) {}
  void OnEvent(const v1::Event& event, const Board&) override {
    session_->out() << JsonOf(event, false) << "\n" << std::flush;
  }
  void OnTick(const Board&, const EventFeed&) override {}
  void OnEnd(const Board&) override {}

 private:
  Session* session_;
};

// Somebody who waited with nothing to see still wants to know what went wrong.
class SilentObserver final : public Observer {
 public:
  explicit SilentObserver(Session* session) : session_(session) {}
  void OnEvent(const v1::Event&, const Board&) override {}
  void OnTick(const Board&, const EventFeed&) override {}

  void OnEnd(const Board& board) override {
    constexpr int kMostLines = 5;
    int failed = 0;
    for (const auto& [key, live] : board.runs()) {
      const v1::Run& run = live.run;
      if (run.state() != v1::RUN_STATE_FAILED &&
          run.state() != v1::RUN_STATE_TIMED_OUT) {
        continue;
      }
      if (++failed > kMostLines) continue;
      session_->err() << Printable(absl::StrCat(
                             "engram: ", ShortName(run.name()), " ",
                             StateWord(run.state()), Varying(board, run),
                             Found(run, board.order())))
                      << "\n";
    }
    if (failed > kMostLines) {
      session_->err() << "engram: and " << failed - kMostLines
                      << " more that failed\n";
    }
  }

 private:
  Session* session_;
};

}  // namespace

std::unique_ptr<Observer> MakeScreenObserver(Session* session,
                                             const FollowOptions& options) {
  return std::make_unique<ScreenObserver>(session, options);
}
std::unique_ptr<Observer> MakeLineObserver(Session* session) {
  return std::make_unique<LineObserver>(session);
}
std::unique_ptr<Observer> MakeJsonObserver(Session* session) {
  return std::make_unique<JsonObserver>(session);
}
std::unique_ptr<Observer> MakeSilentObserver(Session* session) {
  return std::make_unique<SilentObserver>(session);
}

}  // namespace engram::cli
