#include "lint/pass.h"

#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 4.1.1 Identifiers and Key Words (NAMEDATALEN)", "squawk/identifier-too-long",
                                        "pgsafe/identifier-length", "formbricks#9102"};

constexpr std::size_t longest = 63;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// Whether it is worth taking the text apart: a run of bytes of names that is long enough, or a quoted name.
bool may_be_too_long(std::string_view text) {
  std::size_t run = 0, since_quote = 0;
  bool quoted = false;
  for (const char c : text) {
    run = is_name_byte(c) ? run + 1 : 0;
    if (c == '"') {
      if (quoted && since_quote > longest) return true;
      quoted = !quoted;
      since_quote = 0;
    } else {
      ++since_quote;
    }
    if (run > longest) return true;
  }
  return false;
}

// As PostgreSQL cuts it: not in the middle of a character.
std::string_view cut(std::string_view name) {
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end);
}

void check(lint::Pass& pass) {
  const std::string_view text = pass.text();
  if (!may_be_too_long(text)) return;
  for (const sql::Token& token : sql::tokens(text)) {
    if (token.kind != sql::TokenKind::word && token.kind != sql::TokenKind::quoted_identifier) continue;
    std::string_view name = token.span.of(text);
    if (token.kind == sql::TokenKind::quoted_identifier) {
      // Not U&"…", nor a name with a quote in it.
      if (name.size() < 2 || name.front() != '"') continue;
      name = name.substr(1, name.size() - 2);
      if (name.find('"') != std::string_view::npos) continue;
    }
    if (name.size() <= longest) continue;
    const std::uint32_t begin = pass.statement().span.begin;
    pass.report({begin + token.span.begin, begin + token.span.end},
                fmt::format("the name has {} bytes, and PostgreSQL keeps the first {}: {}", name.size(), cut(name).size(), cut(name)))
        .why(
            "Longer names are cut with a notice. Code that compares names with the catalogue does not find it, and another long name that "
            "begins "
            "alike is the same name.")
        .no_effects()
        .advice(fmt::format("choose a name of at most {} bytes", longest));
    return;
  }
}

}  // namespace

CUPEL_RULE(identifier_too_long) = {
    .title = "Name that PostgreSQL cuts off",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::naming,
    .sources = sources,
    .repeat = cupel::lint::Repeat::once_per_part,
    .on =
        cupel::lint::StatementKinds::of<cupel::sql::CreateTable, cupel::sql::CreateTableAs, cupel::sql::AlterTable, cupel::sql::CreateIndex,
                                        cupel::sql::Rename, cupel::sql::CreateView, cupel::sql::CreateSequence, cupel::sql::CreateEnum,
                                        cupel::sql::CreateDomain, cupel::sql::CreateTrigger, cupel::sql::CreatePolicy>(),
    .check = check,
};
