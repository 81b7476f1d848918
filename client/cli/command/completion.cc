#include "client/cli/command/completion.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/command/parse.h"

namespace engram::cli {
namespace {

// Names hold '/' and values ':', at which readline would part words: they are
// read whole.
constexpr char kBash[] = R"bash(# bash completion for engram
_engram() {
  local cur words line
  if declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref -n := cur words
  else
    words=("${COMP_WORDS[@]:0:COMP_CWORD+1}")
    cur=${COMP_WORDS[COMP_CWORD]}
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == @files ]]; then
      compopt -o filenames 2>/dev/null
      mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
    else
      COMPREPLY+=("$line")
    fi
  done < <(engram __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _engram engram
)bash";

constexpr char kZsh[] = R"zsh(#compdef engram
_engram() {
  local -a names
  local line
  engram __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null |
    while IFS= read -r line; do
      if [[ $line == @files ]]; then
        _files
      else
        names+=("$line")
      fi
    done
  compadd -a names
}
compdef _engram engram
)zsh";

constexpr char kFish[] = R"fish(# fish completion for engram
function __engram_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (engram __complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = @files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c engram -f -a '(__engram_complete)'
)fish";

const Argument* FlagNamed(const std::string& name,
                          const std::vector<Argument>& arguments) {
  for (const Argument& argument : arguments) {
    const std::vector<std::string> names = FlagNames(argument);
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return &argument;
    }
  }
  return nullptr;
}

const Argument* FlagNamed(const std::string& name, const Choice& choice,
                          const std::vector<Argument>& globals) {
  if (choice.command != nullptr) {
    const Argument* own = FlagNamed(name, choice.command->arguments);
    if (own != nullptr) return own;
  }
  return FlagNamed(name, globals);
}

// The positional that the next plain word of the command line would be.
const Argument* NextPositional(const Choice& choice,
                               const std::vector<Argument>& globals) {
  size_t given = 0;
  for (size_t i = 0; i < choice.rest.size(); ++i) {
    const Argument* flag = FlagNamed(choice.rest[i], choice, globals);
    if (flag != nullptr) {
      i += flag->takes_value() ? 1 : 0;
    } else if (!absl::StartsWith(choice.rest[i], "-")) {
      ++given;
    }
  }
  for (const Argument& argument : choice.command->arguments) {
    if (!argument.is_positional()) continue;
    if (given == 0 || argument.repeats()) return &argument;
    --given;
  }
  return nullptr;
}

void AddValues(const Argument& argument, const LiveNames& live_names,
               std::vector<std::string>* candidates) {
  candidates->insert(candidates->end(), argument.choices.begin(),
                     argument.choices.end());
  if (argument.completes == Completes::kFile ||
      argument.completes == Completes::kPresetOrFile) {
    candidates->push_back("@files");
  }
  if (argument.completes == Completes::kNothing ||
      argument.completes == Completes::kFile) {
    return;
  }
  for (std::string& name : live_names(argument.completes)) {
    candidates->push_back(std::move(name));
  }
}

void AddFlags(const std::vector<Argument>& arguments,
              std::vector<std::string>* candidates) {
  for (const Argument& argument : arguments) {
    if (argument.is_positional() || argument.help.empty()) continue;
    candidates->push_back(FlagNames(argument).back());
  }
}

std::vector<std::string> Candidates(const Command& root, const Choice& choice,
                                    const std::vector<Argument>& globals,
                                    const std::string& current,
                                    const LiveNames& live_names) {
  std::vector<std::string> candidates;
  if (!choice.rest.empty()) {
    const Argument* flag = FlagNamed(choice.rest.back(), choice, globals);
    if (flag != nullptr && flag->takes_value()) {
      AddValues(*flag, live_names, &candidates);
      return candidates;
    }
  }
  const Command& command = choice.command ? *choice.command : root;
  if (absl::StartsWith(current, "-")) {
    AddFlags(command.arguments, &candidates);
    AddFlags(globals, &candidates);
    return candidates;
  }
  for (const Command& sub : command.subcommands) {
    candidates.push_back(sub.name);
  }
  if (choice.command != nullptr && command.subcommands.empty()) {
    const Argument* positional = NextPositional(choice, globals);
    if (positional) AddValues(*positional, live_names, &candidates);
  }
  return candidates;
}

}  // namespace

std::vector<std::string> Completions(const Command& root,
                                     const std::vector<Argument>& globals,
                                     const std::vector<std::string>& words,
                                     const LiveNames& live_names) {
  std::vector<std::string> before = words;
  const std::string current = before.empty() ? "" : before.back();
  if (!before.empty()) before.pop_back();
  const auto choice = ChooseCommand(root, globals, before);
  if (!choice.ok()) return {};
  std::vector<std::string> candidates =
      Candidates(root, *choice, globals, current, live_names);
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                  [&](const std::string& candidate) {
                                    return candidate != "@files" &&
                                           !absl::StartsWith(candidate,
                                                             current);
                                  }),
                   candidates.end());
  return candidates;
}

absl::StatusOr<std::string> CompletionScript(const std::string& shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  if (shell == "fish") return std::string(kFish);
  return absl::InvalidArgumentError(
      absl::StrCat("no completion for ", shell, " (bash, zsh, fish)"));
}

}  // namespace engram::cli
