#include "client/cli/command/manual.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cli/command/help.h"

namespace engram::cli {
namespace {

constexpr char kExitCodes[] =
    "0 done; 1 a run or claim failed; 2 usage or invalid experiment; "
    "3 not found; 4 not permitted; 5 server unreachable; 6 conflict; "
    "7 quota; 130 interrupted.";

std::string Escape(absl::string_view text) {
  std::string escaped =
      absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}, {"'", "\\(aq"}});
  // A line that starts with a dot would be a request.
  if (absl::StartsWith(escaped, ".")) escaped = "\\&" + escaped;
  return escaped;
}

std::string PageName(const std::string& full_name) {
  if (full_name.empty()) return "engram";
  return absl::StrCat("engram-", absl::StrReplaceAll(full_name, {{" ", "-"}}));
}

std::string ArgumentEntries(const std::vector<Argument>& arguments) {
  std::string text;
  for (const Argument& argument : arguments) {
    if (argument.help.empty()) continue;
    absl::StrAppend(&text, ".TP\n.B ", Escape(FlagsText(argument)), "\n",
                    Escape(argument.help));
    if (!argument.choices.empty()) {
      absl::StrAppend(&text, ": ",
                      Escape(absl::StrJoin(argument.choices, ", ")));
    }
    text += ".\n";
  }
  return text;
}

std::string VerbEntries(const Command& command, const std::string& full_name) {
  std::string text;
  for (const Command& sub : command.subcommands) {
    const std::string name =
        full_name.empty() ? sub.name : absl::StrCat(full_name, " ", sub.name);
    absl::StrAppend(&text, ".TP\n.BR ", Escape(PageName(name)), " (1)\n",
                    Escape(sub.summary), ".\n");
  }
  return text;
}

std::string Section(const std::string& heading, const std::string& body) {
  return body.empty() ? "" : absl::StrCat(".SH ", heading, "\n", body);
}

std::string Description(const Command& command) {
  std::string text = absl::StrCat(Escape(command.summary), ".\n");
  if (command.details.empty()) return text;
  for (absl::string_view paragraph : absl::StrSplit(command.details, "\n\n")) {
    absl::StrAppend(&text, ".PP\n", Escape(paragraph), "\n");
  }
  return text;
}

std::string Examples(const Command& command) {
  std::string text;
  for (const Example& example : command.examples) {
    absl::StrAppend(&text, ".TP\n.B ", Escape(example.command), "\n",
                    Escape(example.meaning), "\n");
  }
  return text;
}

absl::Status WritePages(const Command& command, const std::string& full_name,
                        const std::vector<Argument>& globals,
                        const std::filesystem::path& folder) {
  const std::filesystem::path file =
      folder / absl::StrCat(PageName(full_name), ".1");
  std::ofstream stream(file);
  stream << ManualPage(command, full_name, globals);
  if (!stream.flush()) {
    return absl::InternalError(
        absl::StrCat(file.string(), " cannot be written"));
  }
  for (const Command& sub : command.subcommands) {
    const std::string name =
        full_name.empty() ? sub.name : absl::StrCat(full_name, " ", sub.name);
    const absl::Status status = WritePages(sub, name, globals, folder);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

std::string ManualPage(const Command& command, const std::string& full_name,
                       const std::vector<Argument>& globals) {
  const std::string page = PageName(full_name);
  const std::string usage = full_name.empty() ? "engram VERB [options]"
                                              : Synopsis(command, full_name);
  return absl::StrCat(
      ".TH ", absl::AsciiStrToUpper(page), " 1 \"\" \"engram\" \"Engram\"\n",
      ".SH NAME\n", Escape(page), " \\- ", Escape(command.summary), "\n",
      Section("SYNOPSIS", absl::StrCat(".B ", Escape(usage), "\n")),
      Section("DESCRIPTION", Description(command)),
      Section("VERBS", VerbEntries(command, full_name)),
      Section("OPTIONS", ArgumentEntries(command.arguments)),
      Section("OPTIONS OF EVERY VERB", ArgumentEntries(globals)),
      Section("EXIT STATUS", absl::StrCat(Escape(kExitCodes), "\n")),
      Section("EXAMPLES", Examples(command)));
}

absl::Status WriteManual(const Command& root,
                         const std::vector<Argument>& globals,
                         const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat(folder, " cannot be made: ", error.message()));
  }
  return WritePages(root, "", globals, folder);
}

}  // namespace engram::cli
