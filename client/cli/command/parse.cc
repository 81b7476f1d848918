#include "client/cli/command/parse.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/text/nearest.h"

namespace engram::cli {
namespace {

std::string Known(const Command& parent) {
  return absl::StrJoin(parent.subcommands, ", ",
                       [](std::string* out, const Command& command) {
                         absl::StrAppend(out, command.name);
                       });
}

std::vector<std::string> NamesOf(const Command& parent) {
  std::vector<std::string> names;
  for (const Command& command : parent.subcommands) {
    names.push_back(command.name);
  }
  return names;
}

// Whether `word` is a global flag whose value is the next word.
bool TakesNextWord(const std::string& word,
                   const std::vector<Argument>& globals) {
  return std::any_of(
      globals.begin(), globals.end(), [&](const Argument& argument) {
        const std::vector<std::string> names = FlagNames(argument);
        return argument.takes_value() &&
               std::find(names.begin(), names.end(), word) != names.end();
      });
}

void Bind(const Argument& argument, CLI::App* app) {
  CLI::Option* option = std::visit(
      [&](auto* target) -> CLI::Option* {
        using Value = std::remove_pointer_t<decltype(target)>;
        if constexpr (std::is_same_v<Value, bool>) {
          return app->add_flag(argument.flags, *target, argument.help);
        } else {
          return app->add_option(argument.flags, *target, argument.help);
        }
      },
      argument.target);
  option->required(argument.required);
  if (argument.repeats() && !argument.is_positional()) {
    // One value a flag, else --tag would swallow the file's name.
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    option->allow_extra_args(false);
  }
}

// The nearest flag for one that is not known, or how many positionals fit.
absl::Status Unexpected(const Choice& choice,
                        const std::vector<Argument>& globals,
                        const std::string& word) {
  const std::string help =
      absl::StrCat(" (engram ", choice.full_name, " --help lists all)");
  if (!absl::StartsWith(word, "-")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "engram ", choice.full_name, ": one word too many: ", word, help));
  }
  std::vector<std::string> known;
  for (const auto* arguments : {&choice.command->arguments, &globals}) {
    for (const Argument& argument : *arguments) {
      if (argument.is_positional()) continue;
      for (std::string& name : FlagNames(argument)) {
        known.push_back(std::move(name));
      }
    }
  }
  const std::string name = word.substr(0, word.find('='));
  return absl::InvalidArgumentError(
      absl::StrCat("engram ", choice.full_name, ": unknown option ", name,
                   DidYouMean(name, known), help));
}

absl::Status CheckChoices(const Choice& choice,
                          const std::vector<Argument>& arguments) {
  for (const Argument& argument : arguments) {
    const auto* value = std::get_if<std::string*>(&argument.target);
    if (value == nullptr || argument.choices.empty() || (*value)->empty()) {
      continue;
    }
    const auto& choices = argument.choices;
    if (std::find(choices.begin(), choices.end(), **value) != choices.end()) {
      continue;
    }
    return absl::InvalidArgumentError(
        absl::StrCat("engram ", choice.full_name, ": ", argument.flags, ": ",
                     **value, " is not one of ", absl::StrJoin(choices, ", "),
                     DidYouMean(**value, choices)));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> FlagNames(const Argument& argument) {
  return absl::StrSplit(argument.flags, ',');
}

absl::StatusOr<Choice> ChooseCommand(
    const Command& root, const std::vector<Argument>& globals,
    const std::vector<std::string>& arguments) {
  Choice choice;
  const Command* parent = &root;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const bool settled = parent->subcommands.empty();
    if (settled || (absl::StartsWith(word, "-") && word.size() > 1)) {
      choice.rest.push_back(word);
      if (!settled && TakesNextWord(word, globals) &&
          i + 1 < arguments.size()) {
        choice.rest.push_back(arguments[++i]);
      }
      continue;
    }
    const auto found = std::find_if(
        parent->subcommands.begin(), parent->subcommands.end(),
        [&](const Command& command) { return command.name == word; });
    if (found == parent->subcommands.end()) {
      const std::string where =
          choice.full_name.empty() ? "engram" : "engram " + choice.full_name;
      const std::string nearest = DidYouMean(word, NamesOf(*parent));
      return absl::InvalidArgumentError(absl::StrCat(
          where, ": unknown verb ", word, nearest,
          nearest.empty() ? absl::StrCat(" (verbs: ", Known(*parent), ")")
                          : ""));
    }
    parent = choice.command = &*found;
    absl::StrAppend(&choice.full_name, choice.full_name.empty() ? "" : " ",
                    word);
  }
  return choice;
}

absl::Status ParseArguments(const Choice& choice,
                            const std::vector<Argument>& globals) {
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  for (const auto* arguments : {&choice.command->arguments, &globals}) {
    for (const Argument& argument : *arguments) Bind(argument, &app);
  }
  try {
    // CLI11 takes words from the back.
    app.parse(
        std::vector<std::string>(choice.rest.rbegin(), choice.rest.rend()));
  } catch (const CLI::ParseError& error) {
    // An unknown flag is the likelier cause of whatever else is missing.
    const auto extras = app.remaining();
    if (!extras.empty() && absl::StartsWith(extras[0], "-")) {
      return Unexpected(choice, globals, extras[0]);
    }
    return absl::InvalidArgumentError(
        absl::StrCat("engram ", choice.full_name, ": ", error.what(),
                     " (engram ", choice.full_name, " --help shows how)"));
  }
  if (!app.remaining().empty()) {
    return Unexpected(choice, globals, app.remaining()[0]);
  }
  absl::Status status = CheckChoices(choice, choice.command->arguments);
  return status.ok() ? CheckChoices(choice, globals) : status;
}

}  // namespace engram::cli
