#include "report/character.h"

#include "report/excerpt.h"

#include <gtest/gtest.h>

namespace cupel::report {
namespace {

TEST(Character, DecodesUtf8) {
  EXPECT_EQ(decode("a", 0).code, U'a');
  EXPECT_EQ(decode("é", 0).code, U'é');
  EXPECT_EQ(decode("注", 0).size, 3U);
  EXPECT_EQ(decode("😀", 0).code, U'😀');
}

TEST(Character, KnowsWhatIsNotUtf8) {
  for (const std::string_view bytes :
       {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xFF", "\xE2\x28\xA1"}) {
    const Character character = decode(bytes, 0);
    EXPECT_FALSE(character.valid) << visible(bytes);
    EXPECT_EQ(character.size, 1U);
  }
}

TEST(Character, GoesBackTheWayItCame) {
  const std::string_view bytes = "aé注😀\xff\x80z";
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t next = at + decode(bytes, at).size;
    EXPECT_EQ(previous_character(bytes, next), at);
    at = next;
  }
}

TEST(Character, MakesTextVisible) {
  EXPECT_EQ(visible("größe 注文"), "größe 注文");
  EXPECT_EQ(visible("a\tb\nc\r"), "a    b\\nc\\r");
  EXPECT_EQ(visible("\x1b[31m\x01"), "\\x1b[31m\\x01");
  EXPECT_EQ(visible("a\u2067b\u200fc"), "a\\u{2067}b\\u{200f}c");
  EXPECT_EQ(visible("\xEF\xBB\xBF"
                    "a\xfe"),
            "a\\xfe");
}

TEST(Character, FindsWhatShowsAsItself) {
  // Every byte at every place of the eight that are looked at together, and of the rest.
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(byte);
      const bool plain = byte >= 0x20 && byte < 0x7F;
      EXPECT_EQ(plain_run(text, 0), plain ? 20U : at) << byte;
      EXPECT_EQ(plain_run(text, 3, 9), plain || at < 3 || at >= 12 ? 9U : at - 3) << byte;
    }
  }
  EXPECT_EQ(plain_run("", 0), 0U);
}

TEST(Excerpt, KeepsWideCharactersWhole) {
  std::string line;
  for (int count = 0; count < 100; ++count) line += "注";
  for (std::size_t at = 0; at < line.size(); at += 3) {
    const Excerpt shown = excerpt(line, at, at + 3, 31);
    EXPECT_EQ(shown.text.find("\\x"), std::string::npos) << shown.text;
    EXPECT_EQ(shown.caret_cells, 2U);
    EXPECT_LE(shown.caret_begin + shown.caret_cells, 31U);
  }
}

TEST(Excerpt, StopsCaretsWhereTheTextIsCut) {
  const Excerpt shown = excerpt(std::string(100, 'x'), 0, 100, 40);
  EXPECT_EQ(shown.text, std::string(37, 'x') + "...");
  EXPECT_EQ(shown.caret_cells, 37U);
}

}  // namespace
}  // namespace cupel::report
