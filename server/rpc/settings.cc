#include "server/rpc/settings.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "core/base/sha256.h"
#include "core/spec/nearest_name.h"
#include "server/rpc/setting_value.h"
#include "server/rpc/settings_file.h"

namespace engram {
namespace {

struct Key {
  const char* name;
  const char* help;
};

constexpr Key kKeys[] = {
    {"data", "folder of databases, builds and backups"},
    {"listen", "address and port for clients; without TLS loopback only"},
    {"http_listen", "the same for browsers; empty for none"},
    {"tls_cert",
     "PEM file of the certificate and those that lead to its "
     "authority; empty for no TLS"},
    {"tls_key", "PEM file of the certificate's private key"},
    {"web", "folder of the dashboard's files"},
    {"socket", "Unix socket for the workers of this machine"},
    {"worker", "path of the engram-worker program"},
    {"workers", "processes that execute runs"},
    {"cpus", "processors that all runs together may use"},
    {"memory", "memory that all runs together may use, such as 8 GB"},
    {"disk_low_water",
     "free disk space below which no run is taken or started, such as 1 GB; "
     "0: never"},
    {"backup_every", "a backup is made so often, such as 24 h; 0: never"},
    {"backup_keep", "how many of those backups are kept"},
    {"log_level", "least level that is logged: debug, info, warn or error"},
    {"log_format", "json or text"},
};

using Values = std::map<std::string, SettingOrigin>;

std::string Flag(absl::string_view key) {
  return absl::StrCat("--", absl::StrReplaceAll(key, {{"_", "-"}}));
}

std::vector<std::string> KeyNames() {
  std::vector<std::string> names;
  for (const Key& key : kKeys) names.push_back(key.name);
  return names;
}

std::string Variable(const Surroundings& surroundings, absl::string_view name) {
  return surroundings.variable(name).value_or("");
}

std::string DefaultData(const Surroundings& surroundings) {
  const std::string xdg = Variable(surroundings, "XDG_DATA_HOME");
  if (!xdg.empty()) return xdg + "/engram";
  const std::string home = Variable(surroundings, "HOME");
  return home.empty() ? "/var/lib/engram" : home + "/.local/share/engram";
}

// Two servers on two data folders get two sockets; the digest keeps the path
// short, because a socket's may have 107 bytes.
std::string DefaultSocket(const Surroundings& surroundings,
                          const std::string& data) {
  const std::string xdg = Variable(surroundings, "XDG_RUNTIME_DIR");
  if (xdg.empty()) return data + "/run/workers.sock";
  return absl::StrCat(xdg, "/engram/workers-", Sha256Hex(data).substr(0, 8),
                      ".sock");
}

Values Defaults(const Surroundings& surroundings) {
  const std::map<std::string, std::string> texts = {
      {"data", DefaultData(surroundings)},
      {"listen", "127.0.0.1:7070"},
      {"http_listen", "127.0.0.1:7080"},
      {"tls_cert", ""},
      {"tls_key", ""},
      {"web", surroundings.program_folder + "/../share/engram/web"},
      {"worker", surroundings.program_folder + "/engram-worker"},
      {"cpus", absl::StrCat(surroundings.cpus)},
      // A fifth is left to the server, the file cache and the user.
      {"memory", absl::StrCat(surroundings.memory / 5 * 4)},
      {"disk_low_water", "1 GB"},
      {"backup_every", "0"},
      {"backup_keep", "7"},
      {"log_level", "info"},
      {"log_format", "json"},
  };
  Values values;
  for (const auto& [key, text] : texts) values[key] = {key, text, "default"};
  return values;
}

struct Flags {
  std::map<std::string, std::string> values;
  std::string config;
  bool print_config = false;
  std::string answer;
};

absl::Status UnknownFlag(const std::vector<std::string>& extras) {
  std::vector<std::string> known = {"--config", "--print-config", "--help",
                                    "--version"};
  for (const Key& key : kKeys) known.push_back(Flag(key.name));
  const std::string nearest = NearestName(extras.front(), known);
  return absl::InvalidArgumentError(absl::StrCat(
      "engramd takes no argument ", extras.front(),
      nearest.empty() ? "; see engramd --help"
                      : absl::StrCat("; did you mean ", nearest, "?")));
}

absl::StatusOr<Flags> ReadFlags(std::vector<std::string> arguments) {
  CLI::App app("engramd: the server of Engram", "engramd");
  app.set_version_flag("--version", ENGRAM_VERSION);
  app.allow_extras();
  app.footer(
      "On a data folder that no server uses:\n"
      "  engramd restore BACKUP --data NEW_FOLDER   put a backup in place, "
      "every "
      "digest compared\n"
      "  engramd new-admin-token [USER] --data DIR  when the last admin's "
      "token "
      "is lost");
  Flags flags;
  app.add_option("--config", flags.config, "settings file (engramd.yaml)");
  app.add_flag("--print-config", flags.print_config,
               "print every setting and where it came from, and end");
  std::map<std::string, std::string> texts;
  for (const Key& key : kKeys) {
    app.add_option(Flag(key.name), texts[key.name], key.help);
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::CallForVersion&) {
    flags.answer = absl::StrCat("engramd ", ENGRAM_VERSION, "\n");
  } catch (const CLI::CallForHelp&) {
    flags.answer = app.help();
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(error.what(), "; see engramd --help"));
  }
  if (!app.remaining().empty()) return UnknownFlag(app.remaining());
  for (const Key& key : kKeys) {
    if (app.count(Flag(key.name)) > 0) flags.values[key.name] = texts[key.name];
  }
  return flags;
}

absl::Status AddFile(const Flags& flags, const Surroundings& surroundings,
                     Values& values) {
  const std::string user = ConfigFolder(surroundings);
  const std::string path = !flags.config.empty() ? flags.config
                           : !user.empty()       ? user + "/engramd.yaml"
                                                 : "/etc/engram/engramd.yaml";
  if (!std::filesystem::exists(path)) {
    if (flags.config.empty()) return absl::OkStatus();
    return absl::NotFoundError(
        absl::StrCat("--config: there is no file ", path));
  }
  absl::StatusOr<std::vector<SettingOrigin>> read =
      ReadSettingsFile(path, KeyNames());
  if (!read.ok()) return read.status();
  for (SettingOrigin& value : *read) values[value.key] = value;
  return absl::OkStatus();
}

// Empty, or absolute: a relative path means the folder engramd is started in.
std::string FilePath(const std::string& text) {
  if (text.empty()) return "";
  return std::filesystem::absolute(text).lexically_normal();
}

absl::Status CheckTlsPair(const Values& values) {
  const SettingOrigin& cert = values.at("tls_cert");
  const SettingOrigin& key = values.at("tls_key");
  if (cert.value.empty() == key.value.empty()) return absl::OkStatus();
  const SettingOrigin& given = cert.value.empty() ? key : cert;
  const SettingOrigin& missing = cert.value.empty() ? cert : key;
  return absl::InvalidArgumentError(absl::StrCat(
      given.key, " = ", given.value, " (", given.origin, ") needs ",
      missing.key, ", too: TLS takes a certificate and its key"));
}

absl::StatusOr<Settings> Convert(const Values& values) {
  Settings settings;
  const auto text = [&](const char* key) { return values.at(key).value; };
  settings.data = text("data");
  settings.listen = text("listen");
  settings.http_listen = text("http_listen");
  settings.web = text("web");
  settings.socket = text("socket");
  settings.worker = text("worker");
  settings.log_level = text("log_level");
  settings.log_format = text("log_format");
  settings.tls = {FilePath(text("tls_cert")), FilePath(text("tls_key"))};
  const bool has_tls = !settings.tls.empty();
  absl::Status status = CheckTlsPair(values);
  if (status.ok()) status = CheckListen("listen", settings.listen, has_tls);
  if (status.ok() && !settings.http_listen.empty()) {
    status = CheckListen("http_listen", settings.http_listen, has_tls);
  }
  if (status.ok()) status = SetCount(values.at("cpus"), settings.cpus);
  if (status.ok()) status = SetCount(values.at("workers"), settings.workers);
  if (status.ok()) status = SetBytes(values.at("memory"), settings.memory);
  if (status.ok()) {
    status =
        SetBytesOrNone(values.at("disk_low_water"), settings.disk_low_water);
  }
  if (status.ok()) {
    status = SetPeriod(values.at("backup_every"), settings.backup_every_s);
  }
  if (status.ok()) {
    status = SetCount(values.at("backup_keep"), settings.backup_keep);
  }
  if (status.ok()) {
    status =
        CheckChoice(values.at("log_level"), {"debug", "info", "warn", "error"});
  }
  if (status.ok()) {
    status = CheckChoice(values.at("log_format"), {"json", "text"});
  }
  if (!status.ok()) return status;
  return settings;
}

}  // namespace

std::string ConfigFolder(const Surroundings& surroundings) {
  const std::string xdg = Variable(surroundings, "XDG_CONFIG_HOME");
  if (!xdg.empty()) return xdg + "/engram";
  const std::string home = Variable(surroundings, "HOME");
  return home.empty() ? "" : home + "/.config/engram";
}

Surroundings ThisMachine() {
  Surroundings here;
  here.variable = [](absl::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
  std::error_code error;
  here.program_folder =
      std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  here.cpus =
      static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  here.memory = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  return here;
}

absl::StatusOr<Configuration> ReadConfiguration(
    const std::vector<std::string>& arguments,
    const Surroundings& surroundings) {
  absl::StatusOr<Flags> flags = ReadFlags(arguments);
  if (!flags.ok()) return flags.status();
  Configuration configuration;
  configuration.answer = flags->answer;
  if (!configuration.answer.empty()) return configuration;
  configuration.print_config = flags->print_config;

  Values values = Defaults(surroundings);
  const absl::Status file = AddFile(*flags, surroundings, values);
  if (!file.ok()) return file;
  for (const auto& [key, value] : flags->values) {
    values[key] = {key, value, Flag(key)};
  }
  // A relative path means the folder engramd is started in, now and later.
  SettingOrigin& data = values["data"];
  data.value = std::filesystem::absolute(data.value).lexically_normal();
  values.try_emplace(
      "socket", SettingOrigin{"socket", DefaultSocket(surroundings, data.value),
                              "default"});
  values.try_emplace("workers", SettingOrigin{"workers", values["cpus"].value,
                                              "default: as many as cpus"});

  absl::StatusOr<Settings> settings = Convert(values);
  if (!settings.ok()) return settings.status();
  configuration.settings = *std::move(settings);
  for (const Key& key : kKeys) {
    configuration.origins.push_back(values.at(key.name));
  }
  return configuration;
}

std::string PrintConfiguration(const Configuration& configuration) {
  std::string table;
  for (const SettingOrigin& line : configuration.origins) {
    absl::StrAppendFormat(&table, "%-15s %-36s # %s\n", line.key + ":",
                          line.value, line.origin);
  }
  return table;
}

}  // namespace engram
