
#include "client/cli/command/command.h"

#include "client/cli/command/completion.h"
#include "client/cli/command/help.h"
#include "client/cli/command/manual.h"
#include "client/cli/command/parse.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A program with `submit SOURCE [--tag TAG]... [--priority N] [--wait]`
// and `admin tokens`.
struct Program {
  std::string source;
  std::vector<std::string> tags;
  int64_t priority = 0;
  bool wait = false;
  std::string output;
  Command root;
  std::vector<Argument> globals = {{"-o,--output",
                                    "FORMAT",
                                    "how to show",
                                    &output,
                                    false,
                                    Completes::kNothing,
                                    {"table", "json"}}};

  Program() {
    Command submit;
    submit.name = "submit";
    submit.summary = "Submit an experiment";
    submit.details = "First paragraph.\n\nSecond one.";
    submit.arguments = {
        {"SOURCE", "", "a file", &source, true, Completes::kPresetOrFile},
        {"-t,--tag", "TAG", "a tag", &tags},
        {"--priority", "N", "order", &priority},
        {"--wait", "", "wait", &wait},
    };
    submit.examples = {{"engram submit a.yaml", "a file"}};
    Command tokens;
    tokens.name = "tokens";
    tokens.summary = "Tokens";
    Command admin;
    admin.name = "admin";
    admin.summary = "Run the service";
    admin.subcommands = {tokens};
    root.name = "engram";
    root.summary = "Experiments";
    root.subcommands = {submit, admin};
  }

  absl::Status Parse(const std::vector<std::string>& words) {
    const auto choice = ChooseCommand(root, globals, words);
    return choice.ok() ? ParseArguments(*choice, globals) : choice.status();
  }
};

TEST(ParseTest, ValuesGoWhereTheArgumentsSay) {
  Program program;
  ASSERT_TRUE(program
                  .Parse({"-o", "json", "submit", "--tag", "a", "file.yaml",
                          "-t", "b", "--priority", "-5", "--wait"})
                  .ok());
  EXPECT_EQ(program.source, "file.yaml");
  EXPECT_THAT(program.tags, ElementsAre("a", "b"));
  EXPECT_EQ(program.priority, -5);
  EXPECT_TRUE(program.wait);
  EXPECT_EQ(program.output, "json");
}

TEST(ParseTest, ADashIsAValue) {
  Program program;
  ASSERT_TRUE(program.Parse({"submit", "-"}).ok());
  EXPECT_EQ(program.source, "-");
}

TEST(ParseTest, NamesLeadDownToSubcommands) {
  Program program;
  const auto choice =
      ChooseCommand(program.root, program.globals, {"admin", "tokens", "-x"});
  ASSERT_TRUE(choice.ok());
  EXPECT_EQ(choice->full_name, "admin tokens");
  EXPECT_THAT(choice->rest, ElementsAre("-x"));
}

TEST(ParseTest, UnknownNamesGetTheNearestKnownOne) {
  Program program;
  EXPECT_THAT(program.Parse({"submti", "a"}).message(),
              HasSubstr("unknown verb submti; did you mean submit?"));
  EXPECT_THAT(program.Parse({"admin", "token"}).message(),
              HasSubstr("did you mean tokens?"));
  EXPECT_THAT(program.Parse({"submit", "a", "--wiat"}).message(),
              HasSubstr("unknown option --wiat; did you mean --wait?"));
  EXPECT_THAT(program.Parse({"submit", "a", "-o", "jsn"}).message(),
              HasSubstr("jsn is not one of table, json; did you mean json?"));
}

TEST(ParseTest, WhatIsMissingOrTooMuchIsSaid) {
  Program program;
  EXPECT_THAT(program.Parse({"submit"}).message(), HasSubstr("SOURCE"));
  EXPECT_THAT(program.Parse({"submit", "a", "b"}).message(),
              HasSubstr("one word too many: b"));
  EXPECT_THAT(program.Parse({"submit", "a", "--priority", "high"}).message(),
              HasSubstr("high"));
}

TEST(HelpTest, ShowsSynopsisArgumentsAndExamples) {
  Program program;
  const std::string text =
      HelpText(program.root.subcommands[0], "submit", program.globals, {});
  EXPECT_THAT(text, HasSubstr("engram submit [options] SOURCE"));
  EXPECT_THAT(text, HasSubstr("  -t, --tag TAG"));
  EXPECT_THAT(text, HasSubstr("may be repeated"));
  EXPECT_THAT(text, HasSubstr("engram submit a.yaml"));
}

TEST(ManualTest, APageHasTheSectionsThatManReads) {
  Program program;
  const std::string page =
      ManualPage(program.root.subcommands[0], "submit", program.globals);
  EXPECT_THAT(page, HasSubstr(".TH ENGRAM-SUBMIT 1"));
  EXPECT_THAT(page, HasSubstr("engram\\-submit \\- Submit an experiment"));
  EXPECT_THAT(page, HasSubstr(".SH SYNOPSIS"));
  EXPECT_THAT(page, HasSubstr(".B \\-t, \\-\\-tag TAG"));
  EXPECT_THAT(page, HasSubstr(".SH EXIT STATUS"));
}

std::vector<std::string> Complete(const std::vector<std::string>& words) {
  Program program;
  return Completions(program.root, program.globals, words,
                     [](Completes kind) -> std::vector<std::string> {
                       if (kind != Completes::kPresetOrFile) return {};
                       return {"flagship", "other"};
                     });
}

TEST(CompletionTest, OffersVerbsFlagsAndLiveNames) {
  EXPECT_THAT(Complete({"su"}), ElementsAre("submit"));
  EXPECT_THAT(Complete({"admin", ""}), ElementsAre("tokens"));
  EXPECT_THAT(Complete({"submit", "fl"}), ElementsAre("@files", "flagship"));
  EXPECT_THAT(Complete({"submit", "--w"}), ElementsAre("--wait"));
  EXPECT_THAT(Complete({"submit", "a.yaml", "-o", "j"}), ElementsAre("json"));
}

TEST(CompletionTest, OffersNothingAfterTheLastPositional) {
  EXPECT_THAT(Complete({"submit", "a.yaml", ""}), IsEmpty());
  EXPECT_THAT(Complete({"nosuchverb", ""}), IsEmpty());
}

TEST(CompletionTest, EveryShellHasItsScriptAndOthersAreRefused) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto script = CompletionScript(shell);
    ASSERT_TRUE(script.ok());
    EXPECT_THAT(*script, HasSubstr("engram __complete --"));
  }
  EXPECT_FALSE(CompletionScript("csh").ok());
}

}  // namespace
}  // namespace engram::cli
