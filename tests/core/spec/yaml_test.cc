#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/spec/yaml_node.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

YamlNode Parse(const std::string& text) {
  Faults faults;
  YamlNode node = ParseYaml(text, faults);
  EXPECT_TRUE(faults.empty()) << faults.front().message;
  return node;
}

Fault FirstFault(const std::string& text) {
  Faults faults;
  ParseYaml(text, faults);
  return faults.empty() ? Fault{0, "", "accepted"} : faults.front();
}

TEST(YamlTest, KeepsLinesOfKeysAndValues) {
  const YamlNode root = Parse("a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n");
  EXPECT_EQ(root.keys[1].line, 2);
  const YamlNode& list = *root.Find("b");
  ASSERT_TRUE(list.IsList());
  EXPECT_EQ(list.items[0].line, 3);
  EXPECT_EQ(list.items[1].Find("d")->line, 5);
  EXPECT_EQ(list.items[1].Find("d")->text, "3");
}

TEST(YamlTest, ReadsJsonAndWindowsLines) {
  EXPECT_EQ(Parse("{\"a\":[1,\"x\\n\\u00e9\"]}").Find("a")->items[1].text,
            "x\n\xC3\xA9");
  EXPECT_EQ(Parse("a: 1\r\nb: 2\r\n").Find("b")->line, 2);
  EXPECT_EQ(Parse("a: 1\r\nb: 2\r\n").Find("b")->text, "2");
}

TEST(YamlTest, RefusesAKeyThatOccursTwice) {
  const Fault fault = FirstFault("a: 1\nb: 2\na: 3\n");
  EXPECT_EQ(fault.line, 3);
  EXPECT_THAT(fault.message, HasSubstr("the key a occurs twice"));
}

TEST(YamlTest, RefusesAnchorsAliasesAndTags) {
  Faults faults;
  ParseYaml("a: &x 1\nb: *x\nc: !!int 3\nd: !mine {}\n", faults);
  ASSERT_EQ(faults.size(), 4u);
  EXPECT_THAT(faults[0].message, HasSubstr("anchors"));
  EXPECT_EQ(faults[1].line, 2);
  EXPECT_THAT(faults[1].message, HasSubstr("aliases"));
  EXPECT_THAT(faults[2].message, HasSubstr("tags"));
  EXPECT_EQ(faults[3].line, 4);
}

TEST(YamlTest, RefusesAnAliasBomb) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string n = std::to_string(i);
    const std::string p = std::to_string(i - 1);
    bomb += "a" + n + ": &a" + n + " [";
    for (int k = 0; k < 9; ++k) bomb += (k > 0 ? ", *a" : "*a") + p;
    bomb += "]\n";
  }
  Faults faults;
  ParseYaml(bomb, faults);
  EXPECT_GE(faults.size(), 10u);
}

TEST(YamlTest, RefusesSeveralDocuments) {
  const Fault fault = FirstFault("a: 1\n---\nb: 2\n");
  EXPECT_THAT(fault.message, HasSubstr("several documents"));
  EXPECT_EQ(fault.line, 3);
}

TEST(YamlTest, RefusesDeepNestingQuickly) {
  EXPECT_THAT(FirstFault(std::string(500000, '[')).message,
              HasSubstr("nested more than 64 deep"));
  std::string blocks;
  for (int i = 0; i < 300000; ++i) blocks += "- ";
  EXPECT_THAT(FirstFault(blocks).message, HasSubstr("nested more than 64"));
  std::string maps;
  for (int i = 0; i < 100000; ++i) maps += "{a: ";
  EXPECT_THAT(FirstFault(maps).message, HasSubstr("nested more than 64"));
}

TEST(YamlTest, RefusesTooMuchText) {
  EXPECT_THAT(FirstFault("a: " + std::string(1 << 20, 'x')).message,
              HasSubstr("1048579 bytes; at most 1048576"));
}

TEST(YamlTest, RefusesWhatIsNoText) {
  EXPECT_EQ(FirstFault("a: 1\nb: \xFF\n").line, 2);
  EXPECT_THAT(FirstFault(std::string("a: \0", 4)).message,
              HasSubstr("control character"));
  EXPECT_THAT(FirstFault("\xED\xA0\x80").message, HasSubstr("UTF-8"));
  EXPECT_THAT(FirstFault("\xC0\x80").message, HasSubstr("UTF-8"));
}

TEST(YamlTest, SaysWhereYamlIsBroken) {
  const Fault fault = FirstFault("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_GE(fault.line, 2);
  EXPECT_THAT(fault.message, HasSubstr("not valid YAML"));
  EXPECT_THAT(FirstFault("a: 1\n  b: 2\n").message, HasSubstr("(column 4)"));
  const Fault tab = FirstFault("a:\n\tb: 1\n\tc: 2\n");
  EXPECT_THAT(tab.message, HasSubstr("a tab indents the line: write spaces"));
  EXPECT_THAT(FirstFault("a: 1\nb: \xFF\n").message,
              HasSubstr("at byte 4 of the line"));
  EXPECT_THAT(FirstFault("? [a]\n: 1\n").message,
              HasSubstr("a key must be text"));
}

TEST(YamlTest, ExpressionsHaveNoLines) {
  Faults faults;
  const YamlNode node = ParseYamlExpression("{type: hebbian, eta: 3}", faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(node.line, 0);
  EXPECT_EQ(node.Find("eta")->line, 0);
}

}  // namespace
}  // namespace engram
