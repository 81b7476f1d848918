#include "server/gateway/json_syntax.h"

#include <gmock/gmock.h>

#include <string>

namespace engram {
namespace {

using testing::HasSubstr;

TEST(JsonSyntaxTest, TakesWhatIsJson) {
  for (const char* text :
       {"{}", "[]",
        " {\"a\" : [1, -0.5e+3, true, false, null, \"\\u00e9\\n\"]}",
        "\"\xc3\xa9\"", "0", "{\"a\":{\"b\":{}}}"}) {
    EXPECT_TRUE(CheckJsonSyntax(text).ok()) << text;
  }
}

TEST(JsonSyntaxTest, SaysWhereItBreaksOff) {
  const struct {
    const char* text;
    const char* says;
  } kCases[] = {
      {"", "line 1, column 1: got the end, expected a value"},
      {"{", "line 1, column 2: got the end, expected a name"},
      {"{\"a\" 1}", "line 1, column 6: got '1', expected ':'"},
      {"{\"a\": 1,\n }", "line 2, column 2: got '}', expected a name"},
      {"{'a': 1}", "column 2: got ''', expected a name in double"},
      {"[1 2]", "column 4: got '2', expected ',' or ']'"},
      {"{} {}", "column 4: got '{', expected nothing more"},
      {"01", "column 2: got '1', expected nothing more"},
      {"[1.]", "column 4: got ']', expected a digit"},
      {"[-]", "column 3: got ']', expected a digit"},
      {"\"a", "got the end, expected '\"'"},
      {"\"\\x\"", "column 3: got 'x', expected one of"},
      {"\"\\u12g4\"", "column 6: got 'g', expected four"},
      {"nul", "column 1: got 'n', expected a value"},
      {"\"a\tb\"", "expected no control character"},
      {"\"\xff\"", "byte 2 is a control character or not part"}};
  for (const auto& [text, says] : kCases) {
    const absl::Status status = CheckJsonSyntax(text);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says)) << text;
  }
}

TEST(JsonSyntaxTest, BoundsTheNesting) {
  EXPECT_TRUE(
      CheckJsonSyntax(std::string(60, '[') + std::string(60, ']')).ok());
  EXPECT_THAT(std::string(CheckJsonSyntax(std::string(1 << 20, '[')).message()),
              HasSubstr("at most 64 levels"));
}

}  // namespace
}  // namespace engram
