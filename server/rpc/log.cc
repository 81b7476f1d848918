#include "server/rpc/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

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

// Text as a JSON string: control characters, quotes and backslashes escaped,
// so that nothing a caller sends can start a line of its own.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned>(byte));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string ValueText(const LogField& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    return Quoted(*text);
  }
  if (const auto* whole = std::get_if<int64_t>(&field.value)) {
    return absl::StrCat(*whole);
  }
  return absl::StrFormat("%.3f", std::get<double>(field.value));
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

std::string FormatLog(Severity level, absl::string_view message,
                      std::initializer_list<LogField> fields, bool json) {
  std::string line =
      json ? absl::StrCat("\"level\":", Quoted(LevelName(level)),
                          ",\"message\":", Quoted(message))
           : absl::StrFormat("%-5s %s", LevelName(level), message);
  for (const LogField& field : fields) {
    if (json) {
      absl::StrAppend(&line, ",", Quoted(field.key), ":", ValueText(field));
    } else {
      absl::StrAppend(&line, " ", field.key, "=", ValueText(field));
    }
  }
  return line;
}

void Log(Severity level, absl::string_view message,
         std::initializer_list<LogField> fields) {
  spdlog::logger* logger = spdlog::default_logger_raw();
  if (!logger->should_log(SpdLevel(level))) return;
  logger->log(SpdLevel(level), "{}",
              FormatLog(level, message, fields, writes_json));
}

}  // namespace engram
