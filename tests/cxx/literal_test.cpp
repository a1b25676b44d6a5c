// String literals as written: what they stand for, and where each byte came from.
#include "cxx/literal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::cxx {
namespace {

// The source bytes that byte `at` of the text came from.
std::string_view origin(const Decoded& decoded, std::string_view token, std::size_t at) {
  for (const Run& run : decoded.runs) {
    if (at < run.offset || at >= run.offset + run.size) continue;
    if (run.size == run.source_size) return token.substr(run.source + (at - run.offset), 1);
    return token.substr(run.source, run.source_size);
  }
  return {};
}

Decoded decoded(std::string_view token) {
  Decoded to;
  EXPECT_TRUE(decode_string_token(token, 0, to)) << token;
  return to;
}

TEST(Literal, IsItselfWithoutEscapes) {
  const std::string_view token = R"("DROP TABLE a")";
  const Decoded made = decoded(token);
  EXPECT_EQ(made.text, "DROP TABLE a");
  ASSERT_EQ(made.runs.size(), 1U);
  EXPECT_EQ(made.runs[0].source, 1U);
}

TEST(Literal, MapsEveryKindOfEscape) {
  const std::string_view token = R"("a\n\"b\x41\101\u00e9c\?d")";
  const Decoded made = decoded(token);
  EXPECT_EQ(made.text,
            "a\n\"bAA\xC3\xA9"
            "c?d");
  EXPECT_EQ(origin(made, token, 1), "\\n");
  EXPECT_EQ(origin(made, token, 2), "\\\"");
  EXPECT_EQ(origin(made, token, 3), "b");
  EXPECT_EQ(origin(made, token, 4), "\\x41");
  EXPECT_EQ(origin(made, token, 5), "\\101");
  EXPECT_EQ(origin(made, token, 6), "\\u00e9");
  EXPECT_EQ(origin(made, token, 7), "\\u00e9");
  EXPECT_EQ(origin(made, token, 8), "c");
}

TEST(Literal, ReadsOverSplicedLines) {
  const std::string_view token = "\"DROP \\\nTABLE \\\r\na\"";
  const Decoded made = decoded(token);
  EXPECT_EQ(made.text, "DROP TABLE a");
  EXPECT_EQ(made.runs.size(), 3U);
  EXPECT_EQ(origin(made, token, 5), "T");
  EXPECT_EQ(made.runs[1].source, 8U);
}

TEST(Literal, TakesLineEndsOfRawStringsForOneByte) {
  const std::string_view token = "R\"x(a\r\nb\r\nc\")x\"";
  const Decoded made = decoded(token);
  EXPECT_EQ(made.text, "a\nb\nc\"");
  EXPECT_EQ(origin(made, token, 1), "\r\n");
  EXPECT_EQ(origin(made, token, 2), "b");
  EXPECT_EQ(origin(made, token, 4), "c");
}

TEST(Literal, ReadsEveryPrefix) {
  for (const std::string_view token : {"u8\"a\"", "L\"a\"", "u\"a\"", "U\"a\"", "LR\"(a)\"", "u8R\"(a)\""})
    EXPECT_EQ(decoded(token).text, "a");
  EXPECT_EQ(decoded("\"a\"_suffix").text, "a");
}

TEST(Literal, RefusesWhatIsNone) {
  Decoded to;
  for (const std::string_view token : {"", "a", "\"", "\"\\", "\"abc", "R\"(", "R\"(a)", "'a'", "\"\\U99999999\""}) {
    EXPECT_FALSE(decode_string_token(token, 0, to)) << token;
  }
}

}  // namespace
}  // namespace cupel::cxx
