#include "client/cli/command/help.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/command/parse.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {
namespace {

constexpr int kWidest = 100;
constexpr int kLeftColumn = 28;

int WidthOf(const Look& look) {
  return look.width > 0 ? std::min(look.width, kWidest) : 80;
}

// `left` in a column of its own, `right` wrapped beside it.
std::string TwoColumns(const std::string& left, const std::string& right,
                       int left_width, const Look& look) {
  const std::string indent(static_cast<size_t>(left_width + 4), ' ');
  std::string text = Wrap(right, WidthOf(look), indent);
  if (DisplayWidth(left) > left_width) {
    return absl::StrCat("  ", left, "\n", text);
  }
  return absl::StrCat("  ", PadRight(left, left_width), "  ",
                      text.substr(indent.size()));
}

std::string Meaning(const Argument& argument) {
  std::string text = argument.help;
  if (!argument.choices.empty()) {
    absl::StrAppend(&text, " (", absl::StrJoin(argument.choices, ", "), ")");
  }
  if (argument.repeats() && !argument.is_positional()) {
    absl::StrAppend(&text, "; may be repeated");
  }
  return text;
}

std::string Section(const std::string& heading,
                    const std::vector<Argument>& arguments, bool positional,
                    const Look& look) {
  std::string text;
  for (const Argument& argument : arguments) {
    if (argument.is_positional() != positional) continue;
    if (argument.help.empty()) continue;
    text +=
        TwoColumns(FlagsText(argument), Meaning(argument), kLeftColumn, look);
  }
  if (text.empty()) return "";
  return absl::StrCat("\n", Paint(heading, Tone::kStrong, look), "\n", text);
}

}  // namespace

std::string FlagsText(const Argument& argument) {
  if (argument.is_positional()) return argument.flags;
  std::string text = absl::StrJoin(FlagNames(argument), ", ");
  if (!argument.value.empty()) absl::StrAppend(&text, " ", argument.value);
  return text;
}

std::string Synopsis(const Command& command, const std::string& full_name) {
  std::string text = absl::StrCat("engram ", full_name);
  if (!command.subcommands.empty()) return text + " VERB [options]";
  text += " [options]";
  for (const Argument& argument : command.arguments) {
    if (!argument.is_positional()) continue;
    std::string name = argument.flags;
    if (argument.repeats()) name += "...";
    absl::StrAppend(&text, argument.required ? " " : " [", name,
                    argument.required ? "" : "]");
  }
  return text;
}

std::string OverviewText(const Command& root,
                         const std::vector<Argument>& globals,
                         const Look& look) {
  std::string text =
      absl::StrCat(root.summary, "\n\n", Paint("Usage", Tone::kStrong, look),
                   "\n  engram VERB [options]\n  engram VERB --help\n");
  std::string group;
  for (const Command& command : root.subcommands) {
    if (command.group != group) {
      group = command.group;
      absl::StrAppend(&text, "\n", Paint(group, Tone::kStrong, look), "\n");
    }
    text += TwoColumns(command.name, command.summary, 12, look);
  }
  text += Section("Everywhere", globals, false, look);
  return absl::StrCat(
      text, "\n", Paint("By itself", Tone::kStrong, look), "\n",
      TwoColumns("--version", "print the version", kLeftColumn, look),
      TwoColumns("--man FOLDER", "write the manual pages", kLeftColumn, look));
}

std::string HelpText(const Command& command, const std::string& full_name,
                     const std::vector<Argument>& globals, const Look& look) {
  std::string text = absl::StrCat(
      Paint(absl::StrCat("engram ", full_name), Tone::kStrong, look), ": ",
      command.summary, "\n\n  ", Synopsis(command, full_name), "\n");
  if (!command.details.empty()) {
    for (absl::string_view paragraph :
         absl::StrSplit(command.details, "\n\n")) {
      absl::StrAppend(&text, "\n", Wrap(paragraph, WidthOf(look), ""));
    }
  }
  if (!command.subcommands.empty()) {
    absl::StrAppend(&text, "\n", Paint("Verbs", Tone::kStrong, look), "\n");
    for (const Command& sub : command.subcommands) {
      text += TwoColumns(sub.name, sub.summary, 12, look);
    }
  }
  text += Section("Arguments", command.arguments, true, look);
  text += Section("Options", command.arguments, false, look);
  text += Section("Everywhere", globals, false, look);
  if (!command.examples.empty()) {
    absl::StrAppend(&text, "\n", Paint("Examples", Tone::kStrong, look), "\n");
    for (const Example& example : command.examples) {
      absl::StrAppend(&text, "  ", example.command, "\n      ",
                      Paint(example.meaning, Tone::kDim, look), "\n");
    }
  }
  return text;
}

}  // namespace engram::cli
