#include "server/rpc/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace engram {
namespace {

std::atomic<bool> writes_json{true};

absl::string_view LevelName(Severity level) {
  switch (level) {
    case Severity::kDebug:
      return "debug";
    case Severity::kInfo:
      return "info";
    case Severity::kWarn:
      return "warn";
    case Severity::kError:
      return "error";
  }
  return "error";
}

spdlog::level::level_enum SpdLevel(Severity level) {
  switch (level) {
    case Severity::kDebug:
      return spdlog::level::debug;
    case Severity::kInfo:
      return spdlog::level::info;
    case Severity::kWarn:
      return spdlog::level::warn;
    case Severity::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void SetUpLog(const std::string& level, const std::string& format) {
  writes_json = format == "json";
  auto logger = std::make_shared<spdlog::logger>(
      "engramd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(spdlog::level::from_str(level));
  // UTC, because the machines of a lab need not agree on a zone.
  logger->set_pattern(writes_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ",%v})"
                                  : "%Y-%m-%d %H:%M:%S.%e %v",
                      spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

void Log(Severity level, absl::string_view message,
         std::initializer_list<LogField> fields) {
  spdlog::logger* logger = spdlog::default_logger_raw();
  if (!logger->should_log(SpdLevel(level))) return;
  logger->log(SpdLevel(level), "{}",
              writes_json ? LogMembers(LevelName(level), message, fields)
                          : LogWords(LevelName(level), message, fields));
}

void WarnIfFailed(absl::string_view what, const absl::Status& status) {
  if (status.ok()) return;
  Log(Severity::kWarn, what, {{"error", std::string(status.message())}});
}

}  // namespace engram
