// comments() and tokens(): PostgreSQL's lexical rules without its grammar.
#include "sql/script.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> comment_texts(std::string_view text) {
  std::vector<std::string> found;
  for (const CommentText& comment : comments(text)) {
    found.push_back((comment.own_line ? "own: " : "after: ") + std::string(comment.text));
  }
  return found;
}

std::vector<std::string> token_texts(std::string_view text) {
  std::vector<std::string> found;
  for (const Token& token : tokens(text)) found.emplace_back(token.span.of(text));
  return found;
}

TEST(Comments, KnowWhetherTheyHaveTheirLineAlone) {
  EXPECT_THAT(comment_texts("-- a\n  /* b */ -- c\nSELECT 1; --d\r\n\t--  é \r\n/* x\n y */ SELECT 2"),
              ElementsAre("own: a", "own: b", "after: c", "after: d", "own: é", "own: x\n y"));
}

TEST(Comments, SpansHoldTheDelimiters) {
  const std::string_view text = "SELECT 1; -- cupel:ignore x\n/* /* nested */ */";
  const std::vector<CommentText> found = comments(text);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].span.of(text), "-- cupel:ignore x");
  EXPECT_EQ(found[1].span.of(text), "/* /* nested */ */");
  EXPECT_EQ(found[1].text, "/* nested */");
}

TEST(Comments, NotInsideLiterals) {
  EXPECT_THAT(comment_texts("SELECT '--a', \"--b\", $$--c$$, E'\\'--d', $q$ /* $q$, $1--e"), ElementsAre("after: e"));
}

TEST(Comments, UnterminatedOrEmpty) {
  EXPECT_THAT(comment_texts("/* a"), ElementsAre("own: a"));
  EXPECT_THAT(comment_texts("--"), ElementsAre("own: "));
  EXPECT_THAT(comment_texts("/**/"), ElementsAre("own: "));
  EXPECT_THAT(comment_texts("/*/"), ElementsAre("own: /"));
  EXPECT_THAT(comment_texts(""), IsEmpty());
  EXPECT_THAT(comment_texts("\xEF\xBB\xBF-- first"), ElementsAre("own: first"));
}

TEST(Comments, LinesForPsqlAndDataHaveNone) {
  EXPECT_THAT(comment_texts("\\echo it's -- no\nCOPY t FROM stdin;\n-- it's data\n\\.\n-- yes\n"), ElementsAre("own: yes"));
}

TEST(Tokens, OperatorsAreWhole) {
  EXPECT_THAT(token_texts("a<=b>=c<>d!=e||f::g->>h@>i:=j..k=-1"),
              ElementsAre("a", "<=", "b", ">=", "c", "<>", "d", "!=", "e", "||", "f", "::", "g", "->>", "h", "@>", "i", ":=", "j", "..",
                          "k", "=", "-", "1"));
  EXPECT_THAT(token_texts("a*-- c\nb@-1 +/* c */2"), ElementsAre("a", "*", "b", "@-", "1", "+", "2"));
}

TEST(Tokens, NumbersNamesAndLiterals) {
  EXPECT_THAT(token_texts("1.5e-3 .5 1_000 0xFF 1..10 $1 a$b é \"x\"\"y\" U&\"d\\0061\" N'n' E'a\\'b' 'a''b' B'01'"),
              ElementsAre("1.5e-3", ".5", "1_000", "0xFF", "1", "..", "10", "$1", "a$b", "é", "\"x\"\"y\"", "U&\"d\\0061\"", "N'n'",
                          "E'a\\'b'", "'a''b'", "B'01'"));
  const std::vector<Token> found = tokens("a \"a\" 'a' $$a$$ 1 $1 ;");
  ASSERT_EQ(found.size(), 7U);
  EXPECT_EQ(found[0].kind, TokenKind::word);
  EXPECT_EQ(found[1].kind, TokenKind::quoted_identifier);
  EXPECT_EQ(found[2].kind, TokenKind::string);
  EXPECT_EQ(found[3].kind, TokenKind::string);
  EXPECT_EQ(found[4].kind, TokenKind::number);
  EXPECT_EQ(found[5].kind, TokenKind::parameter);
  EXPECT_EQ(found[6].kind, TokenKind::symbol);
}

TEST(Tokens, AnEscapeStringGoesOnOnTheNextLine) {
  EXPECT_THAT(token_texts("E'a'\n  'b\\'c' d"), ElementsAre("E'a'\n  'b\\'c'", "d"));
  EXPECT_THAT(token_texts("E'a' 'b\\' d"), ElementsAre("E'a'", "'b\\'", "d"));
}

TEST(Tokens, LineEndsMeanNothing) {
  const std::string unix_lines = "SELECT 1; -- x\n\\set a b\nCOPY t FROM stdin;\n1\n2\n\\.\nSELECT 2";
  std::string dos_lines;
  for (const char c : unix_lines) dos_lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(token_texts(unix_lines), token_texts(dos_lines));
  EXPECT_THAT(token_texts(unix_lines),
              ElementsAre("SELECT", "1", ";", "\\set a b", "COPY", "t", "FROM", "stdin", ";", "1", "2", "SELECT", "2"));
}

}  // namespace
}  // namespace cupel::sql
