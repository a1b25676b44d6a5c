#include "lsp/positions.h"

#include "lsp/uri.h"

#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace cupel::lsp {

// In the messages of failed expectations.
static std::ostream& operator<<(std::ostream& out, TextPosition position) { return out << position.line << ':' << position.character; }

namespace {

// a, é (2 bytes), 😀 (4 bytes, 2 UTF-16 units), 注 (3 bytes)
constexpr std::string_view mixed = "a\xC3\xA9\xF0\x9F\x98\x80\xE6\xB3\xA8z\nlast";

TEST(Lines, CountsUtf16Units) {
  const Lines lines(mixed, PositionEncoding::utf16);
  EXPECT_EQ(lines.position(0), (TextPosition{0, 0}));
  EXPECT_EQ(lines.position(3), (TextPosition{0, 2}));
  EXPECT_EQ(lines.position(7), (TextPosition{0, 4}));
  EXPECT_EQ(lines.position(10), (TextPosition{0, 5}));
  EXPECT_EQ(lines.position(12), (TextPosition{1, 0}));
  EXPECT_EQ(lines.position(99), (TextPosition{1, 4}));
  EXPECT_EQ(lines.offset({0, 3}), 3U) << "inside the pair of units of one character";
  EXPECT_EQ(lines.offset({0, 99}), 11U);
  EXPECT_EQ(lines.offset({7, 0}), mixed.size());
}

TEST(Lines, CountsBytesWhereThatWasAgreedOn) {
  const Lines lines(mixed, PositionEncoding::utf8);
  EXPECT_EQ(lines.position(7), (TextPosition{0, 7}));
  EXPECT_EQ(lines.offset({0, 10}), 10U);
}

TEST(Lines, FindsItsWayBack) {
  for (const PositionEncoding encoding : {PositionEncoding::utf16, PositionEncoding::utf8}) {
    const Lines lines(mixed, encoding);
    for (const std::uint32_t offset : {0U, 1U, 3U, 7U, 10U, 11U, 12U, 14U, 16U}) EXPECT_EQ(lines.offset(lines.position(offset)), offset);
  }
}

TEST(Lines, KnowsAllLineEnds) {
  const Lines lines("a\r\nb\rc\n\n", PositionEncoding::utf16);
  EXPECT_EQ(lines.position(3), (TextPosition{1, 0}));
  EXPECT_EQ(lines.position(5), (TextPosition{2, 0}));
  EXPECT_EQ(lines.position(8), (TextPosition{4, 0}));
  EXPECT_EQ(lines.offset({0, 9}), 1U) << "before the carriage return";
  EXPECT_EQ(lines.line_around(5), (Span{5, 6}));
}

TEST(Lines, TakesBytesThatAreNoTextOneByOne) {
  const Lines lines("\xff\x80\xf0z", PositionEncoding::utf16);
  EXPECT_EQ(lines.position(3), (TextPosition{0, 3}));
}

TEST(Document, IsChangedInPlaces) {
  Document document;
  document.text = "one\ntwo \xF0\x9F\x98\x80 three\n";
  replace(document, {{1, 4}, {1, 6}}, "four", PositionEncoding::utf16);
  EXPECT_EQ(document.text, "one\ntwo four three\n");
  replace(document, {{0, 3}, {1, 0}}, " ", PositionEncoding::utf16);
  EXPECT_EQ(document.text, "one two four three\n");
  replace(document, {{9, 0}, {9, 9}}, "end", PositionEncoding::utf16);
  EXPECT_EQ(document.text, "one two four three\nend");
  replace(document, {{0, 3}, {0, 0}}, "1", PositionEncoding::utf16);
  EXPECT_EQ(document.text, "1 two four three\nend");
}

TEST(Uri, NamesAFile) {
  EXPECT_EQ(path_of("file:///a/b%20c/%C3%A9.sql"), "/a/b c/\xC3\xA9.sql");
  EXPECT_EQ(path_of("FILE://localhost/a/./b/../c.sql"), "/a/c.sql");
  EXPECT_EQ(path_of("file:/a/"), "/a");
  EXPECT_EQ(path_of("file:///50%/x%2"), "/50%/x%2") << "no escape";
  EXPECT_EQ(path_of("untitled:Untitled-1"), std::nullopt);
  EXPECT_EQ(path_of("file://server/share/a.sql"), std::nullopt);
  EXPECT_EQ(path_of("file:///a%00b"), std::nullopt);
  EXPECT_EQ(path_of(""), std::nullopt);
}

TEST(Uri, FindsItsWayBack) {
  for (const std::string path : {"/a/b c/\xC3\xA9#?.sql", "/a+b&c=d/[x]@(y).sql", "/"}) EXPECT_EQ(path_of(uri_of(path)), path);
  EXPECT_EQ(uri_of("/a b/c.sql"), "file:///a%20b/c.sql");
}

}  // namespace
}  // namespace cupel::lsp
